package io.millrace.local.stack;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A pipeline file as the stack's processes get it: databases of local servers have their address; init scripts, which
 * have run by then and are found relative to the original, and connections are left out. All other scalars stay as
 * they are written.
 */
final class ResolvedPipeline {

    private ResolvedPipeline() {}

    /**
     * @param yaml a pipeline file that has been checked
     * @param ports the port of the local server that a source's database is on, by the source's place in the file; 0 for none
     */
    static String resolve(String yaml, IntUnaryOperator ports) {
        MappingNode root = (MappingNode) new Yaml().compose(new StringReader(yaml));
        remove(root, "connections");
        List<Node> sources = ((SequenceNode) value(root, "sources")).getValue();
        for (int i = 0; i < sources.size(); i++) {
            MappingNode mapping = (MappingNode) sources.get(i);
            if (has(mapping, "database")) {
                MappingNode database = (MappingNode) value(mapping, "database");
                remove(database, "init");
                int port = ports.applyAsInt(i);
                if (port != 0) {
                    put(database, "host", "127.0.0.1", Tag.STR);
                    put(database, "port", Integer.toString(port), Tag.INT);
                }
            }
        }
        StringWriter text = new StringWriter();
        text.append("# The pipeline file with the local stack's addresses; written at each start.\n");
        new Yaml(new DumperOptions()).serialize(root, text);
        return text.toString();
    }

    private static void put(MappingNode mapping, String key, String value, Tag tag) {
        List<NodeTuple> tuples = new ArrayList<>(mapping.getValue());
        tuples.add(new NodeTuple(scalar(key, Tag.STR), scalar(value, tag)));
        mapping.setValue(tuples);
    }

    private static void remove(MappingNode mapping, String key) {
        List<NodeTuple> tuples = new ArrayList<>(mapping.getValue());
        tuples.removeIf(tuple -> isKey(tuple, key));
        mapping.setValue(tuples);
    }

    private static boolean has(MappingNode mapping, String key) {
        return mapping.getValue().stream().anyMatch(tuple -> isKey(tuple, key));
    }

    private static Node value(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(tuple -> isKey(tuple, key))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isKey(NodeTuple tuple, String key) {
        return tuple.getKeyNode() instanceof ScalarNode scalar
                && scalar.getValue().equals(key);
    }

    private static ScalarNode scalar(String text, Tag tag) {
        return new ScalarNode(tag, text, null, null, DumperOptions.ScalarStyle.PLAIN);
    }
}
