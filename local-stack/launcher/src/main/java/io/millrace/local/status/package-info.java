/** How a running stack is, and how far behind its source the pipeline is. */
package io.millrace.local.status;
