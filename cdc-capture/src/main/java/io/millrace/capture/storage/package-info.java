/** Object storage: where offsets and claim checks' payloads are kept. */
package io.millrace.capture.storage;
