package io.millrace.local.stack;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pipeline's name before its file is checked: the local connections, which the check wants to see, hold it. */
final class PipelineName {

    private static final String IF_WRONG = "pipeline";

    private PipelineName() {}

    /** The name in a file; some valid name if the file is wrong, which the check will tell. */
    static String in(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return IF_WRONG;
        }
        try {
            String name = new YAMLMapper()
                    .readTree(Files.readString(file))
                    .path("pipeline")
                    .asText();
            return name.matches("[a-z0-9][a-z0-9-]*") ? name : IF_WRONG;
        } catch (JacksonException e) {
            return IF_WRONG;
        }
    }
}
