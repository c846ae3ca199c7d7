package dev.pillion.sidecar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where sockets and state lie: the system's directories where they can be written, else the user's
 * own.
 */
final class Where {
    private static final Path RUN = Path.of("/run/pillion");
    private static final Path RUN_ADMIN = Path.of("/run/pillion-admin");
    private static final Path STATE = Path.of("/var/lib/pillion");

    private final Map<String, String> environment;

    Where(Map<String, String> environment) {
        this.environment = environment;
    }

    Path socket(@Nullable Path given) {
        return given == null ? directory(RUN, userRun()).resolve("pillion.sock") : given;
    }

    Path adminSocket(@Nullable Path given) {
        return given == null ? directory(RUN_ADMIN, userRun()).resolve("admin.sock") : given;
    }

    Path stateDirectory(@Nullable Path given) {
        return given == null ? directory(STATE, userState()) : given;
    }

    /** The socket a client finds: the system's when it is there, else the user's. */
    Path socketToCall(@Nullable Path given) {
        return existing(given, RUN.resolve("pillion.sock"), userRun().resolve("pillion.sock"));
    }

    Path adminSocketToCall(@Nullable Path given) {
        return existing(given, RUN_ADMIN.resolve("admin.sock"), userRun().resolve("admin.sock"));
    }

    private static Path existing(@Nullable Path given, Path system, Path user) {
        if (given != null) {
            return given;
        }
        return Files.exists(system) || !Files.exists(user) ? system : user;
    }

    private static Path directory(Path system, Path user) {
        return writable(system) ? system : user;
    }

    /** Whether the directory can be written, or made. */
    private static boolean writable(Path directory) {
        Path at = directory;
        while (at != null && !Files.exists(at)) {
            at = at.getParent();
        }
        return at != null && Files.isDirectory(at) && Files.isWritable(at);
    }

    private Path userRun() {
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isBlank()) {
            return Path.of(runtime, "pillion");
        }
        return Path.of("/tmp", "pillion-" + uid());
    }

    private Path userState() {
        return Path.of(System.getProperty("user.home"), ".local", "state", "pillion");
    }

    private static Object uid() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return System.getProperty("user.name");
        }
    }
}
