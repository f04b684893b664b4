/** Records that were not applied, as they are kept: the tables' columns, and the seal around the bytes. */
package io.millrace.schemas.deadletter;
