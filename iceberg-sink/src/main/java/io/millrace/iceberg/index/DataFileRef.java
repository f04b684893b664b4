package io.millrace.iceberg.index;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SingleValueParser;
import org.apache.iceberg.StructLike;

/**
 * What a delete must know of the data file that it points into.
 *
 * @param path the file's location
 * @param specId the partition spec that the file was written with
 * @param partition the file's partition as Iceberg's single-value JSON, which survives changes of the partition spec
 */
public record DataFileRef(String path, int specId, String partition) {

    public static DataFileRef of(ContentFile<?> file, PartitionSpec spec) {
        return new DataFileRef(file.location(), file.specId(), partitionText(spec, file.partition()));
    }

    public static String partitionText(PartitionSpec spec, StructLike partition) {
        return spec.isUnpartitioned() ? "{}" : SingleValueParser.toJson(spec.partitionType(), partition);
    }

    /** The file's partition values. */
    public StructLike partition(PartitionSpec spec) {
        return (StructLike) SingleValueParser.fromJson(spec.partitionType(), partition);
    }

    public void write(DataOutput out) throws IOException {
        VariableLength.writeText(path, out);
        VariableLength.write(specId, out);
        VariableLength.writeText(partition, out);
    }

    public static DataFileRef read(DataInput in) throws IOException {
        return new DataFileRef(
                VariableLength.readText(in), Math.toIntExact(VariableLength.read(in)), VariableLength.readText(in));
    }
}
