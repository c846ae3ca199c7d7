package dev.pillion.sidecar.edge;

import static dev.pillion.sidecar.edge.RawClient.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.exchange.Peer;
import dev.pillion.sidecar.upstream.Loops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in where, and what happens when a door can't be opened. */
class DoorsTest {
    @TempDir private Path directory;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static RequestHead request(Headers headers) {
        return new RequestHead(
                "GET",
                "/",
                null,
                headers,
                headers.get("host"),
                true,
                true,
                -1,
                false,
                false,
                List.of(),
                null);
    }

    private static int status(Gate gate, String... headers) {
        EdgeFault fault = gate.check(request(Headers.of(headers)), null);
        return fault == null ? 200 : fault.status();
    }

    @Test
    @DisplayName("F53 the sockets have their modes, in directories made for them")
    void modes() throws IOException {
        Path run = directory.resolve("run");
        Path runAdmin = directory.resolve("run-admin");
        Path data = run.resolve("data.sock");
        Path admin = runAdmin.resolve("admin.sock");
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            edge.listeners.openDataSocket(data, "rw-rw-rw-", EdgeFixture.ECHO);
            edge.listeners.openAdmin(admin, EdgeFixture.ECHO);
            assertEquals("rw-rw-rw-", mode(data));
            assertEquals("rwxr-xr-x", mode(run));
            assertEquals("rw-------", mode(admin));
            assertEquals("rwx------", mode(runAdmin));
            try (RawClient client = RawClient.unix(admin)) {
                assertEquals(200, client.get("/status").answer().status());
            }
            edge.listeners.close();
            assertFalse(Files.exists(data));
            assertFalse(Files.exists(admin));
            try (var left = Files.list(run)) {
                assertEquals(0, left.count());
            }
        }
    }

    @Test
    @DisplayName("F53 the admin socket serves the same uid and root only")
    void adminPeers() {
        Gate gate = Gate.sameUser(1000);
        RequestHead head = request(Headers.of("host", "x"));
        assertNull(gate.check(head, new Peer(1000, 1, 1)));
        assertNull(gate.check(head, new Peer(0, 0, 1)));
        EdgeFault refused = gate.check(head, new Peer(1001, 1000, 1));
        assertNotNull(refused);
        assertEquals(403, refused.status());
    }

    @Test
    @DisplayName("F53 another uid that gets at the admin socket is refused by what the kernel says")
    void anotherUid() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"));
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")));
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")));
        Path admin = directory.resolve("admin.sock");
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            edge.listeners.openAdmin(admin, EdgeFixture.ECHO);
            Files.setPosixFilePermissions(admin, PosixFilePermissions.fromString("rw-rw-rw-"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Process curl =
                    new ProcessBuilder(
                                    "/usr/bin/setpriv",
                                    "--reuid=65534",
                                    "--regid=65534",
                                    "--clear-groups",
                                    "/usr/bin/curl",
                                    "-s",
                                    "-o",
                                    "/dev/null",
                                    "-w",
                                    "%{http_code}",
                                    "--unix-socket",
                                    admin.toString(),
                                    "http://localhost/status")
                            .start();
            String code =
                    new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            curl.waitFor();
            assertEquals("403", code);
        }
    }

    @Test
    void aStaleSocketFileIsReplaced() throws IOException {
        Path path = directory.resolve("s.sock");
        try (var stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path));
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            edge.listeners.openDataSocket(path, "rw-rw----", EdgeFixture.ECHO);
            try (RawClient client = RawClient.unix(path)) {
                assertEquals(200, client.get("/").answer().status());
            }
        }
    }

    @Test
    void aLiveSocketIsNotReplacedAndItsOwnerIsNamed() throws IOException {
        Path path = directory.resolve("s.sock");
        try (var live = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            live.bind(UnixDomainSocketAddress.of(path));
            ListenException refused =
                    assertThrows(
                            ListenException.class,
                            () ->
                                    edge.listeners.openDataSocket(
                                            path, "rw-rw----", EdgeFixture.ECHO));
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.contains(path + " is in use"), message);
            assertTrue(message.contains("process " + ProcessHandle.current().pid()), message);
        }
        assertTrue(Files.exists(path), "somebody else's file stays");
    }

    @Test
    void aFileThatIsNoSocketIsNotTouched() throws IOException {
        Path path = Files.writeString(directory.resolve("precious"), "data");
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            ListenException refused =
                    assertThrows(
                            ListenException.class,
                            () ->
                                    edge.listeners.openDataSocket(
                                            path, "rw-rw----", EdgeFixture.ECHO));
            assertTrue(String.valueOf(refused.getMessage()).contains("is not a socket"));
        }
        assertEquals("data", Files.readString(path));
    }

    @Test
    void atTheEndOnlyOurOwnSocketFileIsRemoved() throws IOException {
        Path path = directory.resolve("s.sock");
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            edge.listeners.openDataSocket(path, "rw-rw----", EdgeFixture.ECHO);
            Files.delete(path);
            Files.writeString(path, "somebody else's");
        }
        assertTrue(Files.exists(path));
    }

    @Test
    void aTooLongSocketPathIsSaidSo() throws IOException {
        Path path = directory.resolve("x".repeat(120));
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            ListenException refused =
                    assertThrows(
                            ListenException.class,
                            () ->
                                    edge.listeners.openDataSocket(
                                            path, "rw-rw----", EdgeFixture.ECHO));
            assertTrue(String.valueOf(refused.getMessage()).contains("expected: at most 107"));
        }
    }

    @Test
    void aBusyPortIsSaidSo() throws IOException {
        try (EdgeFixture first = EdgeFixture.start(EdgeFixture.ECHO);
                EdgeFixture second = EdgeFixture.start(EdgeFixture.ECHO)) {
            ListenException refused =
                    assertThrows(
                            ListenException.class,
                            () ->
                                    second.listeners.openDataTcp(
                                            first.tcp(), false, null, EdgeFixture.ECHO));
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.startsWith("127.0.0.1:" + first.tcp().getPort()), message);
            assertTrue(message.contains("in use by another process"), message);
        }
    }

    @Test
    void onlyLoopbackIsListenedOnUnlessAllowed() throws IOException {
        InetSocketAddress everywhere = new InetSocketAddress(0);
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            ListenException refused =
                    assertThrows(
                            ListenException.class,
                            () ->
                                    edge.listeners.openDataTcp(
                                            everywhere, false, null, EdgeFixture.ECHO));
            assertTrue(String.valueOf(refused.getMessage()).contains("--tcp-allow-remote"));
            int port =
                    edge.listeners.openDataTcp(everywhere, true, null, EdgeFixture.ECHO).getPort();
            try (RawClient client = RawClient.tcp(EdgeFixture.loopback(port))) {
                client.send(head("GET / HTTP/1.1", "host: pillion.example"));
                assertEquals(200, client.answer().status());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "evil.example:4141",
                "127.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0",
                "10.0.0.1",
                "[::2]",
                "[::1]x",
                "localhost:80x",
                "",
                "::1"
            })
    void aForeignHostGets403OnThePort(String host) {
        assertEquals(403, status(Gate.tcp(false, null), "host", host));
        assertEquals(200, status(Gate.tcp(true, null), "host", host));
        assertEquals(200, status(Gate.open(), "host", host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:4141",
                "127.0.0.1",
                "127.1.2.3:99",
                "[::1]",
                "[::1]:4141"
            })
    void aLoopbackHostIsTaken(String host) {
        assertEquals(200, status(Gate.tcp(false, null), "host", host));
    }

    @Test
    void webPagesGet403OnThePortAndTheConnectionIsClosed() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO);
                RawClient client = edge.connect()) {
            client.send(head("GET / HTTP/1.1", "host: localhost", "origin: http://localhost"));
            assertEquals(403, client.answer().status());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void whereThereIsATokenItIsNeeded() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "s3cret\n");
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            InetSocketAddress address =
                    edge.listeners.openDataTcp(
                            EdgeFixture.loopback(0), false, file, EdgeFixture.ECHO);
            String start = "POST / HTTP/1.1";
            String host = "host: localhost";
            try (RawClient client = RawClient.tcp(address)) {
                RawClient.Answer answer = client.send(head(start, host)).answer();
                assertEquals(401, answer.status());
                assertEquals("Bearer", answer.headers().get("www-authenticate"));
            }
            try (RawClient client = RawClient.tcp(address)) {
                client.send(head(start, host, "authorization: Bearer s3cre"));
                assertEquals(401, client.answer().status());
            }
            try (RawClient client = RawClient.tcp(address)) {
                for (String header :
                        new String[] {
                            "authorization: bearer s3cret",
                            "x-api-key: s3cret",
                            "x-goog-api-key: s3cret"
                        }) {
                    client.send(head(start, host, header));
                    assertEquals(200, client.answer().status());
                }
                client.send(head("POST /?alt=sse&key=s3cret HTTP/1.1", host));
                assertEquals(200, client.answer().status());
            }
            Files.writeString(file, "changed");
            EdgeFixture.eventually("the new token counts", () -> accepts(address, "changed"));
            assertFalse(accepts(address, "s3cret"));
            Files.writeString(file, " ");
            EdgeFixture.eventually("reported", () -> !edge.reports.isEmpty());
            assertTrue(accepts(address, "changed"));
        }
    }

    private static boolean accepts(InetSocketAddress address, String token) {
        try (RawClient client = RawClient.tcp(address)) {
            client.send(
                    head("GET / HTTP/1.1", "host: localhost", "authorization: Bearer " + token));
            return client.answer().status() == 200;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anEmptyTokenFileIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "\n");
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            ListenException refused =
                    assertThrows(
                            ListenException.class,
                            () ->
                                    edge.listeners.openDataTcp(
                                            EdgeFixture.loopback(0),
                                            false,
                                            file,
                                            EdgeFixture.ECHO));
            assertTrue(String.valueOf(refused.getMessage()).contains("it is empty"));
        }
    }

    @Test
    void theProbesServeOnAPortOfTheirOwn() throws IOException {
        try (EdgeFixture edge = EdgeFixture.start(EdgeFixture.ECHO)) {
            InetSocketAddress probes =
                    edge.listeners.openProbes(EdgeFixture.loopback(0), EdgeFixture.ECHO);
            edge.listeners.stopAccepting();
            try (RawClient client = RawClient.tcp(probes)) {
                client.send(head("GET /healthz HTTP/1.1", "host: 10.1.2.3:4142"));
                assertEquals(200, client.answer().status());
            }
        }
    }

    @Test
    void tooManyConnectionsAreTurnedAway() throws IOException {
        try (EdgeFixture edge =
                        EdgeFixture.start(
                                EdgeOptions.DEFAULTS.withMaxConnections(1), EdgeFixture.ECHO);
                RawClient first = edge.connect()) {
            assertEquals(200, first.get("/").answer().status());
            try (RawClient second = edge.connect()) {
                assertEquals(503, second.answer().status());
            }
            assertEquals(200, first.get("/").answer().status());
            first.leave();
            edge.settles();
        }
    }

    @Test
    void withoutEpollEverythingElseWorksTheSame() throws IOException {
        Path admin = directory.resolve("admin.sock");
        try (EdgeFixture edge =
                EdgeFixture.start(
                        Loops.openNio(2), EdgeOptions.DEFAULTS, 1 << 20, EdgeFixture.ECHO)) {
            edge.listeners.openAdmin(admin, EdgeFixture.ECHO);
            try (RawClient tcp = edge.connect();
                    RawClient unix = RawClient.unix(edge.dataSocket());
                    RawClient asAdmin = RawClient.unix(admin)) {
                assertEquals(5000, tcp.post("/", new byte[5000]).answer().body().length);
                assertEquals(5000, unix.post("/", new byte[5000]).answer().body().length);
                assertEquals(200, asAdmin.get("/").answer().status());
                assertEquals(400, unix.send("nonsense\r\n\r\n").answer().status());
            }
            edge.settles();
        }
    }
}
