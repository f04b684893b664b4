/** Dead letters for stewards: what there is, and what is decided about it. */
package io.millrace.local.deadletter;
