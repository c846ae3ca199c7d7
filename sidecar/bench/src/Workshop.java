package dev.pillion.bench;

import dev.pillion.bench.Result.Who;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The upstream and the servers under measurement, in a directory of their own. */
final class Workshop implements AutoCloseable {
    private static final long PROBE_NANOS = 11_000_000_000L;

    private final Path dir = Files.createTempDirectory("pillion-bench");
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Upstream upstream;
    private final Server nginx;
    private final Server rival;
    private final Server other;
    private boolean closed;

    Workshop(Options options, boolean withNginx) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        upstream = new Upstream();
        open.add(upstream);
        Path conf = options.home().resolve("nginx.conf");
        int port = upstream.port();
        nginx = withNginx ? opened(Server.nginx("nginx", conf, dir, port)) : null;
        rival =
                switch (options.rival()) {
                    case PILLION -> {
                        Path yaml = options.home().resolve("pillion.yaml");
                        yield opened(
                                Server.pillion(
                                        "pillion", options.pillion(), true, yaml, dir, port));
                    }
                    case SECOND_NGINX -> opened(Server.nginx("nginx-2", conf, dir, port));
                    case NOBODY -> null;
                };
        other = options.pairs() ? opened(other(options, port)) : null;
        Thread.sleep(2000); // idle memory is read after this
    }

    private Server other(Options options, int port) throws IOException, InterruptedException {
        Path yaml = options.home().resolve("pillion.yaml");
        boolean same = options.against().isEmpty();
        return Server.pillion(
                same ? "without" : "against",
                same ? options.pillion() : Path.of(options.against()),
                !options.accounting(),
                yaml,
                dir,
                port);
    }

    private Server opened(Server server) {
        open.add(server);
        return server;
    }

    Path dir() {
        return dir;
    }

    boolean hasRival() {
        return rival != null;
    }

    Server rival() {
        return rival;
    }

    boolean hasOther() {
        return other != null;
    }

    Server other() {
        return other;
    }

    Server nginx() {
        return nginx;
    }

    /** Whether the one compared with nginx can take this case: a second nginx only passes. */
    boolean serves(Slot slot) {
        boolean plain = slot.way() == Slot.Way.PASS && slot.transport() == Slot.Transport.TCP;
        return plain || (rival != null && rival.serves(Slot.Transport.UNIX));
    }

    ProcessTree tree(Who who) {
        return switch (who) {
            case DIRECT -> null;
            case NGINX -> nginx.tree();
            case RIVAL -> rival.tree();
            case OTHER -> other.tree();
        };
    }

    /** Load on one of them; direct and nginx always get the plain Chat Completions request. */
    Load load(Who who, Slot slot, int connections) throws IOException {
        var plain = new Slot(slot.size(), Slot.Way.PASS, Slot.Transport.TCP);
        boolean ours = who == Who.RIVAL || who == Who.OTHER;
        Slot asked = ours ? slot : plain;
        return new Load(address(who, asked), asked, connections);
    }

    /** Where to ask that one, in that case. */
    SocketAddress address(Who who, Slot slot) throws IOException {
        return switch (who) {
            case DIRECT -> Load.tcp(port());
            case NGINX -> address(nginx, slot);
            case RIVAL -> address(rival, slot);
            case OTHER -> address(other, slot);
        };
    }

    private int port() throws IOException {
        return upstream.port();
    }

    private static SocketAddress address(Server server, Slot slot) {
        return server.address(slot.transport(), slot.size().stream);
    }

    /** Asks each once, and looks whether the upstream was asked in the format expected. */
    void probe(Slot slot) throws IOException, InterruptedException {
        for (var who : Who.values()) {
            boolean there =
                    switch (who) {
                        case DIRECT -> true;
                        case NGINX -> nginx != null;
                        case RIVAL -> rival != null;
                        case OTHER -> other != null;
                    };
            if (there) {
                probe(slot, who);
            }
        }
    }

    private void probe(Slot slot, Who who) throws IOException, InterruptedException {
        boolean proxied = who == Who.RIVAL || who == Who.OTHER;
        var kind = kind(slot.size(), proxied ? slot.way() : Slot.Way.PASS);
        long before = upstream.served(kind);
        try (var load = load(who, slot, 1)) {
            load.start();
            long until = System.nanoTime() + PROBE_NANOS;
            while (load.completed() + load.errors() == 0 && System.nanoTime() - until < 0) {
                Thread.sleep(5);
            }
            load.stop();
            String problem = load.problems().isEmpty() ? "" : load.problems().getFirst();
            if (problem.isEmpty() && load.completed() == 0) {
                problem = "no answer";
            } else if (problem.isEmpty() && upstream.served(kind) == before) {
                problem = "answered, but the upstream was not asked for " + kind;
            }
            if (!problem.isEmpty()) {
                String name = who == Who.RIVAL ? rival.name() : who.name().toLowerCase(Locale.ROOT);
                throw new IOException(slot.label() + " fails with " + name + ": " + problem);
            }
        }
    }

    private static Upstream.Kind kind(Slot.Size size, Slot.Way way) {
        return Upstream.Kind.of(way.out, size.stream);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (var each : open.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                System.err.println("bench: cannot stop " + each + ": " + e);
            }
        }
        try (var files = Files.walk(dir)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("bench: cannot remove " + dir + ": " + e);
        }
    }
}
