/** Follows what happens to the source's tables while the capture runs, as far as no change event tells of it. */
package io.millrace.capture.follow;
