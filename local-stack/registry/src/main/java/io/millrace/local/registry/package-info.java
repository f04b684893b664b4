/** A stand-in for the AWS Glue Schema Registry: its protocol, its compatibility checks, its data on the local disk. */
package io.millrace.local.registry;
