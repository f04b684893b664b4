/** The search document of a row: its JSON, and the mapping of its index. */
package io.millrace.schemas.document;
