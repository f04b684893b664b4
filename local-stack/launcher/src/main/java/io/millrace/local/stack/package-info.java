/** The servers and jobs of one pipeline on this machine: what runs, how it starts, how it is watched and stopped. */
package io.millrace.local.stack;
