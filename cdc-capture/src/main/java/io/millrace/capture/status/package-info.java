/** What the capture is doing, counted and served over HTTP. */
package io.millrace.capture.status;
