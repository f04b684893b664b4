/** Hiding values: what each mask makes of a value, and the key that it takes. */
package io.millrace.schemas.mask;
