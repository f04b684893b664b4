/** The whole platform, on real servers, through its command line. */
package io.millrace.local.endtoend;
