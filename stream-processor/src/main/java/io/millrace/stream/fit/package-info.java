/** The fit step: the targets' tables follow the schemas of changes, before a change has left a trace anywhere. */
package io.millrace.stream.fit;
