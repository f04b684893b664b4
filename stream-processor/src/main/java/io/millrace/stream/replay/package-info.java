/** The replay step: dead letters that somebody decided about come back. */
package io.millrace.stream.replay;
