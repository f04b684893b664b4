package io.millrace.local.launcher;

import io.millrace.local.deadletter.Letter;
import io.millrace.local.deadletter.LetterFilter;
import io.millrace.local.deadletter.LetterStore;
import io.millrace.local.deadletter.LetterText;
import io.millrace.local.deadletter.ReplayStream;
import io.millrace.local.deadletter.Review;
import io.millrace.local.stack.EndpointsFile;
import io.millrace.local.stack.StackProblem;
import io.millrace.schemas.pipeline.Pipeline;
import io.millrace.schemas.replay.ReplayRequest.Action;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What could not be applied, and what is decided about it. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Shows the records that could not be applied; replays or discards them.",
        synopsisSubcommandLabel = "COMMAND")
final class DeadLettersCommand implements Runnable {
    private static final String FILTER =
            "Only those for which NAME=VALUE holds: state, code, table, source, reason (a part),"
                    + " outcome, key, since, until (a time, or such as 2h for two hours ago). May be given several times.";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "summary", mixinStandardHelpOptions = true, description = "One line for all that are alike.")
    int summary(
            @Mixin PipelineOptions pipeline,
            @Option(names = "--filter", paramLabel = "NAME=VALUE", description = FILTER) @Nullable List<String> filters,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        List<LetterText.Group> groups = LetterText.groups(read(pipeline.read(), filter(filters)));
        print(json ? List.of(EndpointsFile.json(Map.of("groups", groups))) : LetterText.summary(groups));
        return 0;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "One line for each, the oldest first.")
    int list(
            @Mixin PipelineOptions pipeline,
            @Option(names = "--filter", paramLabel = "NAME=VALUE", description = FILTER) @Nullable List<String> filters,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "At most so many; 50 by default.")
                    int limit,
            @Option(names = "--offset", paramLabel = "N", defaultValue = "0", description = "Leave out the first N.")
                    int offset,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        List<Letter> letters = read(pipeline.read(), filter(filters));
        int from = Math.min(Math.max(0, offset), letters.size());
        List<Letter> page = letters.subList(from, Math.min(letters.size(), from + Math.max(0, limit)));
        if (json) {
            print(List.of(EndpointsFile.json(Map.of("total", letters.size(), "offset", from, "letters", page))));
            return 0;
        }
        List<String> lines = new ArrayList<>(LetterText.list(page));
        if (page.size() < letters.size()) {
            lines.add("");
            lines.add("%,d to %,d of %,d; the next with --offset %d"
                    .formatted(from + 1, from + page.size(), letters.size(), from + page.size()));
        }
        print(lines);
        return 0;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "All that is known of some.")
    int show(
            @Mixin PipelineOptions pipeline,
            @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        try (LetterStore store = store(pipeline.read())) {
            Map<String, Letter> found = store.read(letter -> ids.contains(letter.id())).stream()
                    .collect(Collectors.toMap(Letter::id, letter -> letter));
            List<String> missing =
                    ids.stream().filter(id -> !found.containsKey(id)).toList();
            if (!missing.isEmpty()) {
                throw StackProblem.failure(
                        "Cannot find dead letter: " + String.join(", ", missing)
                                + ". ./millrace dead-letters list shows those that there are; new ones come with the next checkpoint.");
            }
            Set<String> withRecord = store.records(List.copyOf(found.values())).keySet();
            List<String> lines = new ArrayList<>();
            for (String id : ids) {
                if (!lines.isEmpty()) {
                    lines.add("");
                }
                Letter letter = Objects.requireNonNull(found.get(id));
                lines.addAll(
                        json ? List.of(EndpointsFile.json(letter)) : LetterText.show(letter, withRecord.contains(id)));
            }
            print(lines);
            return 0;
        }
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description =
                    "Sends records through the job once more. They are never late, and never overwrite newer changes.")
    int replay(
            @Mixin PipelineOptions pipeline,
            @Mixin Chosen chosen,
            @Option(
                            names = "--wait",
                            paramLabel = "TIME",
                            defaultValue = "90s",
                            converter = Durations.class,
                            description = "How long to wait for the outcomes; 90s by default, 0s not to.")
                    Duration wait)
            throws IOException, InterruptedException {
        return decide(pipeline, chosen, Action.REPLAY, wait);
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = "Says that dead letters are not needed. They stay in the table, and can still be replayed.")
    int discard(
            @Mixin PipelineOptions pipeline,
            @Mixin Chosen chosen,
            @Option(
                            names = "--wait",
                            paramLabel = "TIME",
                            defaultValue = "90s",
                            converter = Durations.class,
                            description = "How long to wait until it shows; 90s by default, 0s not to.")
                    Duration wait)
            throws IOException, InterruptedException {
        return decide(pipeline, chosen, Action.DISCARD, wait);
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes one JSON object a line and dead letter, without the records themselves.")
    int export(
            @Mixin PipelineOptions pipeline,
            @Option(names = "--filter", paramLabel = "NAME=VALUE", description = FILTER) @Nullable List<String> filters,
            @Option(names = "--to", paramLabel = "FILE", description = "Where to; the standard output by default.")
                    @Nullable
                    Path to)
            throws IOException {
        List<String> lines = read(pipeline.read(), filter(filters)).stream()
                .map(EndpointsFile::line)
                .toList();
        if (to == null) {
            print(lines);
        } else {
            Files.write(to, lines);
            print(List.of("%,d dead letters in %s".formatted(lines.size(), to)));
        }
        return 0;
    }

    /** Which dead letters, and who decides about them. */
    static final class Chosen {
        @Parameters(paramLabel = "ID", arity = "0..*", description = "The dead letters.")
        private List<String> ids = new ArrayList<>();

        @Option(names = "--filter", paramLabel = "NAME=VALUE", description = FILTER)
        private List<String> filters = new ArrayList<>();

        @Option(names = "--all", description = "All that nobody has decided about.")
        private boolean all;

        @Option(names = "--by", paramLabel = "NAME", description = "Who decides; this machine's user by default.")
        private String by = System.getProperty("user.name", "unknown");

        @Option(names = "--note", paramLabel = "TEXT", description = "Why.")
        private @Nullable String note;
    }

    private int decide(PipelineOptions options, Chosen chosen, Action action, Duration wait)
            throws IOException, InterruptedException {
        if (chosen.ids.isEmpty() && chosen.filters.isEmpty() && !chosen.all) {
            throw StackProblem.usage(
                    List.of("Cannot tell which dead letters are meant. Give ids, --filter NAME=VALUE or --all"));
        }
        Pipeline pipeline = options.read();
        try (LetterStore store = store(pipeline)) {
            List<Letter> letters = choose(store, chosen);
            if (letters.isEmpty()) {
                print(List.of("No dead letters are meant; nothing to do."));
                return 0;
            }
            Review review = new Review(store, Clock.systemUTC());
            Review.Sent sent;
            try (ReplayStream stream = ReplayStream.of(pipeline, options.credentials())) {
                sent = review.send(letters, action, chosen.by, chosen.note, stream);
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw StackProblem.failure(String.valueOf(e.getMessage()));
            }
            String what = action == Action.REPLAY ? "replayed" : "discarded";
            print(List.of(
                    "%,d dead letters are being %s".formatted(sent.letters().size(), what)));
            if (!sent.withoutRecord().isEmpty()) {
                print(List.of("%,d cannot be replayed, as their records are not kept, such as %s"
                        .formatted(
                                sent.withoutRecord().size(),
                                sent.withoutRecord().get(0).id())));
            }
            if (wait.isZero() || sent.letters().isEmpty()) {
                return sent.withoutRecord().isEmpty() ? 0 : 1;
            }
            Map<String, Long> outcomes = review.await(sent, wait);
            long open = outcomes.getOrDefault(Review.OPEN, 0L);
            new TreeMap<>(outcomes).forEach((outcome, count) -> print(List.of("%,7d  %s".formatted(count, outcome))));
            if (open > 0) {
                print(List.of("Those still show nothing; look again with ./millrace dead-letters summary"));
            }
            return open > 0 || !sent.withoutRecord().isEmpty() ? 1 : 0;
        }
    }

    private static List<Letter> choose(LetterStore store, Chosen chosen) {
        Set<String> ids = new HashSet<>(chosen.ids);
        LetterFilter filter = filter(chosen.filters);
        if (ids.isEmpty()) {
            return store.read(filter.inState("new"));
        }
        List<Letter> letters = store.read(letter -> ids.contains(letter.id()) && filter.test(letter));
        letters.forEach(letter -> ids.remove(letter.id()));
        if (!ids.isEmpty() && chosen.filters.isEmpty()) {
            throw StackProblem.failure("Cannot find dead letters: "
                    + String.join(", ", ids.stream().sorted().toList())
                    + ". ./millrace dead-letters list shows those that there are.");
        }
        return letters;
    }

    private static LetterFilter filter(@Nullable List<String> texts) {
        try {
            return LetterFilter.parse(
                    texts == null ? List.of() : texts, Clock.systemUTC().instant());
        } catch (IllegalArgumentException e) {
            throw StackProblem.usage(List.of(String.valueOf(e.getMessage())));
        }
    }

    private static List<Letter> read(Pipeline pipeline, LetterFilter filter) throws IOException {
        try (LetterStore store = store(pipeline)) {
            return store.read(filter);
        }
    }

    private static LetterStore store(Pipeline pipeline) {
        try {
            return new LetterStore(pipeline.connections().iceberg(), pipeline.name());
        } catch (RuntimeException e) {
            throw StackProblem.failure("Cannot open Iceberg catalog "
                    + pipeline.connections().iceberg().catalog() + ": " + e.getMessage()
                    + ". Check that it is up, and what the connections file says of it.");
        }
    }

    private void print(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
    }
}
