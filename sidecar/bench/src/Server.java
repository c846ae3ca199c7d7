package dev.pillion.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A process under measurement: nginx or Pillion, started on free loopback ports. */
final class Server implements AutoCloseable {
    private static final long READY_NANOS = 60_000_000_000L;

    private final String name;
    private final Process process;
    private final ProcessTree tree;
    private final Path errors;
    private final Map<Slot.Transport, Map<Boolean, SocketAddress>> addresses;
    private final AtomicLong logLines = new AtomicLong();

    private Server(
            String name,
            List<String> command,
            Path dir,
            Map<String, String> environment,
            Map<Slot.Transport, Map<Boolean, SocketAddress>> addresses)
            throws IOException {
        this.name = name;
        this.addresses = addresses;
        errors = dir.resolve("stderr.log");
        var builder =
                new ProcessBuilder(command)
                        .directory(dir.toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        tree = new ProcessTree(process.pid());
        var drain = new Thread(this::drainOutput, "bench-" + name + "-log");
        drain.setDaemon(true);
        drain.start();
    }

    /** nginx as a plain proxy of one worker; streams and whole replies have a port each. */
    static Server nginx(String name, Path template, Path work, int upstreamPort)
            throws IOException, InterruptedException {
        Path dir = Files.createDirectories(work.resolve(name));
        int whole = freePort();
        int streams = freePort();
        Path config = dir.resolve("nginx.conf");
        fill(
                template,
                config,
                Map.of(
                        "@DIR@", dir.toString(),
                        "@USER@",
                                System.getProperty("user.name").equals("root") ? "user root;" : "",
                        "@UPSTREAM_PORT@", Integer.toString(upstreamPort),
                        "@PORT@", Integer.toString(whole),
                        "@STREAM_PORT@", Integer.toString(streams)));
        var ports = Map.of(false, Load.tcp(whole), true, Load.tcp(streams));
        var server =
                new Server(
                        name,
                        List.of(
                                nginxBinary(),
                                "-c",
                                config.toString(),
                                "-p",
                                dir.toString(),
                                "-e",
                                "stderr"),
                        dir,
                        Map.of(),
                        Map.of(Slot.Transport.TCP, ports));
        server.await(streams, "/ready");
        return server;
    }

    /**
     * Pillion on a socket and a port, with its request log read through a pipe.
     *
     * @param accounts false: without ledger, request log and prices
     */
    static Server pillion(
            String name, Path binary, boolean accounts, Path template, Path work, int upstreamPort)
            throws IOException, InterruptedException {
        return pillion(name, binary, accounts, template, work, upstreamPort, Map.of());
    }

    /** The same with variables of its environment. */
    static Server pillion(
            String name,
            Path binary,
            boolean accounts,
            Path template,
            Path work,
            int upstreamPort,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        Path dir = Files.createDirectories(work.resolve(name));
        Path socket = dir.resolve("data.sock");
        int tcp = freePort();
        int probes = freePort();
        Path config = dir.resolve("pillion.yaml");
        fill(template, config, Map.of("@UPSTREAM_PORT@", Integer.toString(upstreamPort)));
        var command = new ArrayList<>(List.of(binary.toAbsolutePath().toString(), "run"));
        command.addAll(List.of("--config", config.toString(), "--socket", socket.toString()));
        command.addAll(List.of("--tcp", "127.0.0.1:" + tcp, "--probes", "127.0.0.1:" + probes));
        command.addAll(List.of("--admin-socket", dir.resolve("admin.sock").toString()));
        command.addAll(List.of("--state-dir", dir.resolve("state").toString()));
        if (!accounts) {
            command.addAll(List.of("--ledger", "off", "--request-log", "off"));
            String priced = Files.readString(config);
            Files.writeString(config, priced.replaceAll("price: \\{.*}", "price: free"));
        }
        var server =
                new Server(
                        name,
                        command,
                        dir,
                        environment,
                        Map.of(
                                Slot.Transport.TCP, both(Load.tcp(tcp)),
                                Slot.Transport.UNIX, both(Load.unix(socket))));
        server.await(probes, "/readyz");
        return server;
    }

    private static Map<Boolean, SocketAddress> both(SocketAddress address) {
        return Map.of(false, address, true, address);
    }

    String name() {
        return name;
    }

    ProcessTree tree() {
        return tree;
    }

    SocketAddress address(Slot.Transport transport, boolean stream) {
        return addresses.get(transport).get(stream);
    }

    boolean serves(Slot.Transport transport) {
        return addresses.containsKey(transport);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Lines of standard output so far: for Pillion, its request log. */
    long logLines() {
        return logLines.get();
    }

    String lastErrors() throws IOException {
        var lines = Files.readAllLines(errors);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    @Override
    public void close() {
        var descendants = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    private void drainOutput() {
        byte[] buffer = new byte[64 * 1024];
        try (InputStream out = process.getInputStream()) {
            for (int count = out.read(buffer); count >= 0; count = out.read(buffer)) {
                long lines = 0;
                for (int i = 0; i < count; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
                logLines.addAndGet(lines);
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                System.err.println("bench: cannot read the output of " + name + ": " + e);
            }
        }
    }

    /** Waits for any answer from a port (200 on Pillion's readiness probe), by looks of 2 ms. */
    private void await(int port, String path) throws IOException, InterruptedException {
        long until = System.nanoTime() + READY_NANOS;
        while (System.nanoTime() - until < 0 && process.isAlive()) {
            String answer = ask(port, path);
            if (answer.startsWith("HTTP/1.1 200") || !(answer.isEmpty() || path.equals("/readyz"))) {
                return;
            }
            process.waitFor(2, TimeUnit.MILLISECONDS);
        }
        close();
        throw new IOException(name + " did not come up:\n" + lastErrors());
    }

    /** What a GET is answered, beginning with its status line; empty where nobody listens yet. */
    private static String ask(int port, String path) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            String request =
                    "GET " + path + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(
                    socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // asked again until the time is over
        }
    }

    private static void fill(Path template, Path target, Map<String, String> values)
            throws IOException {
        String text = Files.readString(template);
        for (var value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        Files.writeString(target, text);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String nginxBinary() {
        return System.getProperty("bench.nginx", "nginx");
    }
}
