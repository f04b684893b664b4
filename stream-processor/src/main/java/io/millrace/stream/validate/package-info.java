/** The validate step: which changes break the rules of their table. */
package io.millrace.stream.validate;
