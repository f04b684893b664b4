/** {@code ./millrace demo}: the whole platform under load, and the proof that targets equal their source. */
package io.millrace.local.demo;
