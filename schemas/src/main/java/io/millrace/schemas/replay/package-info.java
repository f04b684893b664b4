/** How a person's decision about a dead letter comes to the job. */
package io.millrace.schemas.replay;
