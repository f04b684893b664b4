/** The schema registry: where a record's bytes find the schema that they were written with. */
package io.millrace.schemas.registry;
