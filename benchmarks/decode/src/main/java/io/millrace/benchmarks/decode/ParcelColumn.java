package io.millrace.benchmarks.decode;

import java.util.Random;
import java.util.function.Function;

/**
 * A column of the table that is decoded, and how each format writes it.
 *
 * @param name the column's name
 * @param avro its type in Avro, in JSON
 * @param connect its type in Connect's JSON, without the braces
 * @param declared its type in the pipeline file, for Debezium's JSON
 * @param declaredForDms the same for DMS's
 * @param value makes a value
 * @param json writes the value in Debezium's JSON
 * @param dms writes the value in DMS's JSON
 */
record ParcelColumn(
        String name,
        String avro,
        String connect,
        String declared,
        String declaredForDms,
        Function<Random, Object> value,
        Function<Object, String> json,
        Function<Object, String> dms) {}
