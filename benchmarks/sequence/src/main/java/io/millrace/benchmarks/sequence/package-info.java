/** What the keyed step costs. */
package io.millrace.benchmarks.sequence;
