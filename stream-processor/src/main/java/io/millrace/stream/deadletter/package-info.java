/** Dead letters: every record that was not applied, with all that is needed to understand and to replay it. */
package io.millrace.stream.deadletter;
