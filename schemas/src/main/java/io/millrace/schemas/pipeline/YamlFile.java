package io.millrace.schemas.pipeline;

import io.millrace.schemas.pipeline.Problems.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A YAML file as a tree of nodes.
 *
 * <p>The nodes, and not objects, because they know their lines, hold scalars as they are written (so {@code no} and
 * {@code 0123} stay text) and show keys that occur twice.
 */
final class YamlFile {
    private final Path path;
    private final int order;

    /**
     * Names a file.
     *
     * @param order the file's number among those that are read, for the order of problems
     */
    YamlFile(Path path, int order) {
        this.path = path;
        this.order = order;
    }

    /** The place of a node; of the file as a whole without one. */
    Place place(@Nullable Node node) {
        return place(node == null ? null : node.getStartMark());
    }

    private Place place(@Nullable Mark mark) {
        Path name = Objects.requireNonNullElse(path.getFileName(), path);
        return new Place(order, name.toString(), mark == null ? 0 : mark.getLine() + 1);
    }

    /** The file's one document; null after a problem. */
    @Nullable
    MappingNode read(Problems problems) {
        String text = text(problems);
        return text == null ? null : compose(text, problems);
    }

    private @Nullable String text(Problems problems) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
                    .toString();
        } catch (NoSuchFileException e) {
            problems.add(place((Node) null), "", "Cannot find file: " + path + ". Check the path");
        } catch (CharacterCodingException e) {
            problems.add(place((Node) null), "", "Cannot read file: " + path + " is not UTF-8. Save it as UTF-8");
        } catch (IOException e) {
            String why =
                    Files.isDirectory(path) ? "it is a directory" : e.getClass().getSimpleName();
            problems.add(
                    place((Node) null), "", "Cannot read file: " + path + ", " + why + ". Check the path and rights");
        }
        return null;
    }

    private @Nullable MappingNode compose(String text, Problems problems) {
        try {
            LoaderOptions options = new LoaderOptions();
            Composer composer = new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options);
            Node root = composer.checkNode() ? composer.getNode() : null;
            if (!(root instanceof MappingNode mapping)) {
                problems.add(
                        place(root),
                        "",
                        "Cannot read file: " + path + " holds no settings. Write `name: value` lines in it");
                return null;
            }
            if (composer.checkNode()) {
                problems.add(
                        place(composer.getNode()),
                        "",
                        "Cannot read file: " + path
                                + " holds a second YAML document. Put each pipeline into its own file");
            }
            return mapping;
        } catch (MarkedYAMLException e) {
            // Not its message: that quotes the line, which may hold a secret.
            problems.add(
                    place(e.getProblemMark()),
                    "",
                    "Cannot read file: " + path + " is not YAML, as " + e.getProblem()
                            + ". Check quotes (${NAME} inside { } needs them) and indentation");
        } catch (YAMLException e) {
            problems.add(place((Node) null), "", "Cannot read file: " + path + " is not YAML. Save it as plain text");
        }
        return null;
    }
}
