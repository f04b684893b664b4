/** What the preflights of all database products have in common. */
package io.millrace.capture.preflight;
