/** What the local servers' mains have in common: start, say why not, stop. */
package io.millrace.local.process;
