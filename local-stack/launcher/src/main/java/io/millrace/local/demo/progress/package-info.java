/** What people see while the demo runs: a block of lines that is drawn anew on a terminal, or a line now and then elsewhere. */
package io.millrace.local.demo.progress;
