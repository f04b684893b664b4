package io.millrace.schemas.pipeline;

import io.millrace.schemas.pipeline.Problems.Place;
import io.millrace.schemas.pipeline.SettingType.Group;
import io.millrace.schemas.pipeline.SettingType.Groups;
import io.millrace.schemas.pipeline.SettingType.Properties;
import io.millrace.schemas.pipeline.SettingType.Scalar;
import io.millrace.schemas.pipeline.SettingType.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Checks a file's tree against the table of settings, setting by setting, and finds everything that is wrong. */
final class SectionReader {
    private static final Set<Tag> PLAIN_TAGS = Set.of(
            Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP, Tag.NULL, Tag.MERGE, Tag.MAP, Tag.SEQ, new Tag("!"));

    private final YamlFile file;
    private final Map<String, String> environment;
    private final Problems problems;

    SectionReader(YamlFile file, Map<String, String> environment, Problems problems) {
        this.file = file;
        this.environment = environment;
        this.problems = problems;
    }

    /** Reads a section; names in {@code elsewhere} are passed over, as another file has them. */
    Section read(String path, Group group, MappingNode node, Set<String> elsewhere) {
        Section section = new Section(path, file.place(node));
        Map<String, Node> written = children(path, node);
        written.keySet().removeAll(elsewhere);
        written.forEach((name, value) -> {
            Setting setting = find(group, name);
            if (setting == null) {
                problems.add(file.place(value), section.path(name), unknown(section.path(name), name, group));
            } else {
                section.wrote(name, file.place(value));
                Object right = readValue(section.path(name), setting, value);
                if (right != null) {
                    section.put(name, right, file.place(value));
                }
            }
        });
        for (Setting setting : group.settings()) {
            if (!written.containsKey(setting.name()) && !elsewhere.contains(setting.name())) {
                leftOut(section, setting);
            }
        }
        return section;
    }

    private void leftOut(Section section, Setting setting) {
        String path = section.path(setting.name());
        if (setting.required()) {
            problems.add(
                    section.place(),
                    path,
                    "Cannot find setting: " + path + ". Give " + setting.type().right());
        } else if (setting.defaultText() != null && setting.type() instanceof Scalar scalar) {
            Object value = scalar.parse().apply(setting.defaultText());
            if (value == null) {
                throw new IllegalStateException("Cannot use the default of " + path);
            }
            section.defaults(setting.name(), value);
        } else if (setting.type() instanceof Group group && !setting.required()) {
            defaultsOf(section, setting.name(), path, group);
        }
    }

    /** A section that may be left out as a whole still has defaults, if everything in it has. */
    private void defaultsOf(Section section, String name, String path, Group group) {
        if (group.settings().stream().allMatch(inner -> inner.defaultText() != null)) {
            Section inner = new Section(path, section.place());
            group.settings().forEach(setting -> leftOut(inner, setting));
            section.defaults(name, inner);
        }
    }

    private @Nullable Object readValue(String path, Setting setting, Node node) {
        if (isNull(node)) {
            problems.add(
                    file.place(node),
                    path,
                    "Cannot use " + path + ": it is empty. Give "
                            + setting.type().right());
            return null;
        }
        if (setting.type() instanceof Scalar scalar) {
            return node instanceof ScalarNode leaf
                    ? readScalar(path, scalar, leaf)
                    : wrongKind(path, setting.type(), node);
        }
        if (setting.type() instanceof Group group) {
            return node instanceof MappingNode mapping
                    ? read(path, group, mapping, Set.of())
                    : wrongKind(path, setting.type(), node);
        }
        if (setting.type() instanceof Properties properties) {
            return node instanceof MappingNode mapping
                    ? readProperties(path, properties.element(), mapping)
                    : wrongKind(path, setting.type(), node);
        }
        if (setting.type() instanceof Values values
                && node instanceof ScalarNode leaf
                && !leaf.getValue().isEmpty()
                && leaf.getValue().equals(values.word())) {
            checkPlain(path, leaf);
            return List.of();
        }
        if (!(node instanceof SequenceNode list)) {
            return wrongKind(path, setting.type(), node);
        }
        checkPlain(path, list);
        if (list.getValue().isEmpty() && setting.required()) {
            problems.add(
                    file.place(node),
                    path,
                    "Cannot use " + path + ": it is empty. Give "
                            + setting.type().right());
        }
        return setting.type() instanceof Values values
                ? readValues(path, values.element(), list)
                : readGroups(path, ((Groups) setting.type()).element(), list);
    }

    private @Nullable Object readScalar(String path, Scalar type, ScalarNode node) {
        checkPlain(path, node);
        if (type.fromEnvironment() && !node.getValue().matches("\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}")) {
            problems.add(
                    file.place(node),
                    path,
                    "Cannot use " + path + ": it is in the file (not shown). Give " + type.right());
            return null;
        }
        EnvironmentText text = EnvironmentText.replace(node.getValue(), environment);
        if (!text.problem().isEmpty()) {
            problems.add(file.place(node), path, "Cannot use " + path + ": " + text.problem());
            return null;
        }
        Object value = type.parse().apply(text.value());
        if (value == null) {
            // As written and not as replaced: the environment may hold secrets.
            String shown = type.secret() ? "not shown" : node.getValue().isEmpty() ? "it is empty" : node.getValue();
            problems.add(file.place(node), path, "Cannot use " + path + ": " + shown + ". Give " + type.right());
        }
        return value;
    }

    private List<Object> readValues(String path, Scalar type, SequenceNode list) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < list.getValue().size(); i++) {
            Node node = list.getValue().get(i);
            String element = path + "[" + i + "]";
            Object value = node instanceof ScalarNode leaf && !isNull(node)
                    ? readScalar(element, type, leaf)
                    : wrongKind(element, type, node);
            if (value != null && values.contains(value)) {
                problems.add(
                        file.place(node),
                        element,
                        "Cannot use " + element + ": " + value + " is there twice. Remove one");
            } else if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private List<Section> readGroups(String path, Group type, SequenceNode list) {
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < list.getValue().size(); i++) {
            Node node = list.getValue().get(i);
            String element = path + "[" + i + "]";
            if (node instanceof MappingNode mapping) {
                sections.add(read(element, type, mapping, Set.of()));
            } else {
                wrongKind(element, type, node);
            }
        }
        return sections;
    }

    private Map<String, Object> readProperties(String path, Scalar type, MappingNode node) {
        Map<String, Object> properties = new LinkedHashMap<>();
        children(path, node).forEach((name, value) -> {
            String property = path + "." + name;
            Object right = value instanceof ScalarNode leaf && !isNull(value)
                    ? readScalar(property, type, leaf)
                    : wrongKind(property, type, value);
            if (right != null) {
                properties.put(name, right);
            }
        });
        return properties;
    }

    /** A mapping's values by their keys; a key that is there twice, or is no text, is a problem. */
    private Map<String, Node> children(String path, MappingNode node) {
        checkPlain(path, node);
        Map<String, Node> children = new LinkedHashMap<>();
        Map<String, Place> first = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Node key = tuple.getKeyNode();
            if (!(key instanceof ScalarNode name) || name.getValue().isEmpty()) {
                problems.add(file.place(key), path, "Cannot use a key" + in(path) + " that is no name. Give a name");
                continue;
            }
            if (Tag.MERGE.equals(key.getTag())) {
                problems.add(
                        file.place(key),
                        path,
                        "Cannot merge sections" + in(path) + ": <<. Write the settings at each place");
                continue;
            }
            Place earlier = first.putIfAbsent(name.getValue(), file.place(key));
            if (earlier != null) {
                String full = path.isEmpty() ? name.getValue() : path + "." + name.getValue();
                problems.add(
                        file.place(key),
                        full,
                        "Cannot use " + full + ": it is there twice, first on " + earlier + ". Remove one");
            } else {
                children.put(name.getValue(), tuple.getValueNode());
            }
        }
        return children;
    }

    /** Anchors and tags make a file mean something else than it seems to; none is needed here. */
    private void checkPlain(String path, Node node) {
        if (node.getAnchor() != null) {
            problems.add(
                    file.place(node),
                    path,
                    "Cannot use an anchor" + in(path) + ": &" + node.getAnchor() + ". Write the value at each place");
        }
        if (!PLAIN_TAGS.contains(node.getTag())) {
            problems.add(file.place(node), path, "Cannot use a tag" + in(path) + ": " + node.getTag() + ". Remove it");
        }
    }

    private @Nullable Object wrongKind(String path, SettingType right, Node node) {
        String kind = isNull(node)
                ? "empty"
                : node instanceof MappingNode ? "a section" : node instanceof SequenceNode ? "a list" : "a text";
        problems.add(file.place(node), path, "Cannot use " + path + ": it is " + kind + ". Give " + right.right());
        return null;
    }

    private static String unknown(String path, String name, Group group) {
        List<String> names = group.settings().stream().map(Setting::name).toList();
        String near = NearestName.of(name, names);
        return "Cannot use " + path + ": there is no such setting. "
                + (near == null ? "There are " + String.join(", ", names) : "Did you mean " + near + "?");
    }

    private static @Nullable Setting find(Group group, String name) {
        return group.settings().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static boolean isNull(Node node) {
        return Tag.NULL.equals(node.getTag());
    }

    private static String in(String path) {
        return path.isEmpty() ? "" : " in " + path;
    }
}
