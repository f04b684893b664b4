/** S3 on the local disk. */
package io.millrace.local.s3;
