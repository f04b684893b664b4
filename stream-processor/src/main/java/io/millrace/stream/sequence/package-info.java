/** The sequence step: per key, in source order; what came twice or too late never overwrites what is newer. */
package io.millrace.stream.sequence;
