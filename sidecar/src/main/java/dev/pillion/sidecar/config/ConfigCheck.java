package dev.pillion.sidecar.config;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What {@code pillion config check FILE} finds: every problem of a document, with its line. */
public final class ConfigCheck {
    /** The exit code of a bad configuration (sysexits' EX_CONFIG). */
    public static final int BAD = 78;

    private ConfigCheck() {}

    /**
     * The outcome.
     *
     * @param exitCode 0 or {@value ConfigCheck#BAD}
     * @param lines {@code file:line: path: value (expected: …)} each, or what the document holds
     */
    public record Outcome(int exitCode, List<Problem> problems, List<String> lines) {}

    /**
     * Checks a file. A secret that is not to be found here and now is told as a warning, for the
     * machine that checks is seldom the one that runs.
     */
    public static Outcome run(Path file, SecretSource secrets, Instant now) {
        ConfigReader.Result result = ConfigReader.read(file);
        Config config = result.config();
        var lines = new ArrayList<String>();
        if (config == null) {
            result.problems().forEach(problem -> lines.add(problem.text(file.toString())));
            return new Outcome(BAD, result.problems(), List.copyOf(lines));
        }
        lines.add(file + ": valid: " + summary(config));
        result.warnings().forEach(warning -> lines.add("warning: " + warning));
        Snapshot.activate(config, secrets, now)
                .problems()
                .forEach(missing -> lines.add("warning: " + missing.text()));
        return new Outcome(0, List.of(), List.copyOf(lines));
    }

    private static String summary(Config config) {
        long keys = config.providers().values().stream().mapToLong(p -> p.keys().size()).sum();
        long serving =
                config.providers().values().stream()
                        .filter(p -> p.needsNoKey() || !p.keys().isEmpty())
                        .count();
        return "version %d, %d providers with %d keys, %d models, %d aliases, %d callers"
                .formatted(
                        config.version(),
                        serving,
                        keys,
                        config.models().size(),
                        config.aliases().size(),
                        config.callers().size());
    }
}
