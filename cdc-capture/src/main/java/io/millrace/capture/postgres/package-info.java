/**
 * PostgreSQL as a source: what a server must be like, where reading goes on, where changes stand, and what happens to tables
 * that no change event tells of.
 */
package io.millrace.capture.postgres;
