/** The mask step: what is hidden of a change and of its record before anything of them is written. */
package io.millrace.stream.mask;
