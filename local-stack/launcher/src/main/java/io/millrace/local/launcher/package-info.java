/** The command line. */
package io.millrace.local.launcher;
