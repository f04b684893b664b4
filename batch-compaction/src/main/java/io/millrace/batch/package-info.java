/** What all batch jobs share; each job has a package of its own. */
package io.millrace.batch;
