/** The vocabulary of the platform: a change, its row, its key and its place in the source's history. */
package io.millrace.schemas.event;
