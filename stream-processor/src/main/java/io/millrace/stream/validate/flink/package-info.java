/** The validate step as Flink operators. */
package io.millrace.stream.validate.flink;
