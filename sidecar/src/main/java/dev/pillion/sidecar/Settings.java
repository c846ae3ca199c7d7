package dev.pillion.sidecar;

import dev.pillion.sidecar.config.Config;
import dev.pillion.sidecar.config.ConfigReader;
import dev.pillion.sidecar.config.Problem;
import dev.pillion.sidecar.config.SecretSource;
import dev.pillion.sidecar.config.SelfConfig;
import dev.pillion.sidecar.config.Snapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The configuration in force, and how it is replaced: whole, or not at all. */
final class Settings {
    private final SidecarOptions options;
    private final InstantSource clock;
    private final AtomicReference<@Nullable State> current = new AtomicReference<>();

    /** What is in force since when. */
    record State(Snapshot snapshot, Instant since, List<String> warnings) {}

    /**
     * What came of a reading.
     *
     * @param problems empty: the configuration read is in force
     */
    record Result(List<String> problems, List<String> warnings) {}

    Settings(SidecarOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /** The snapshot in force; {@link #load} has succeeded before. */
    Snapshot snapshot() {
        return state().snapshot();
    }

    State state() {
        return Objects.requireNonNull(current.get(), "not loaded");
    }

    /** Reads the configuration and puts it into force if all of it is good. Blocks. */
    synchronized Result load() {
        ConfigReader.Result read = read();
        Config config = read.config();
        if (config == null) {
            return new Result(texts(read.problems()), read.warnings());
        }
        Snapshot.Activation activation =
                Snapshot.activate(config, new SecretSource(options.environment()), clock.instant());
        Snapshot snapshot = activation.snapshot();
        if (snapshot == null) {
            return new Result(texts(activation.problems()), read.warnings());
        }
        current.set(new State(snapshot, clock.instant(), read.warnings()));
        return new Result(List.of(), read.warnings());
    }

    private ConfigReader.Result read() {
        Path file = options.configFile();
        if (file != null) {
            return ConfigReader.read(file);
        }
        String own =
                options.tcp() == null
                        ? null
                        : options.tcp().getHostString() + ":" + options.tcp().getPort();
        return SelfConfig.from(options.environment(), own);
    }

    private List<String> texts(List<Problem> problems) {
        Path file = options.configFile();
        return problems.stream()
                .map(problem -> file == null ? problem.text() : problem.text(file.toString()))
                .toList();
    }

    /** Where the configuration comes from, for people. */
    String origin() {
        return options.configFile() == null ? "environment" : options.configFile().toString();
    }
}
