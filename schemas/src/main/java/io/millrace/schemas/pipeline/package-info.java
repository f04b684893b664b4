/** The pipeline file: what flows, from where to where. */
package io.millrace.schemas.pipeline;
