/**
 * How fresh the targets are, measured from outside: from a row's {@code updated_at}, which the source sets when the row
 * changes, to the moment in which somebody who looks sees that version.
 */
package io.millrace.local.demo.freshness;
