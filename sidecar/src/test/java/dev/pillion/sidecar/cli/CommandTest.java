package dev.pillion.sidecar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    private static final String GOOD =
            """
            providers:
              house: {speaks: openai, base_url: "http://127.0.0.1:9/v1"}
            models:
              - {id: house/m, class: fast, can: [stream], context: 1000, max_output: 100, price: free}
            """;

    @TempDir private Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private PrintStream usualOut;
    private PrintStream usualErr;

    @BeforeEach
    void capture() {
        usualOut = System.out;
        usualErr = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(usualOut);
        System.setErr(usualErr);
    }

    private int pillion(String... arguments) {
        return PillionCommand.execute(Map.of(), arguments);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aDaemonThatIsNotThereIsExit69() {
        Path nowhere = directory.resolve("none.sock");
        assertEquals(69, pillion("ask", "hi", "--socket", nowhere.toString()));
        assertTrue(errors().startsWith("pillion: no daemon answers at " + nowhere), errors());
        assertEquals(1, errors().lines().count());
        assertEquals(69, pillion("admin", "status", "--admin-socket", nowhere.toString()));
    }

    @Test
    void aBadConfigurationIsExit78WithEveryProblem() throws Exception {
        Path file = directory.resolve("bad.yaml");
        Files.writeString(file, "providers: {house: {base_url: 7}}\nroutng: {}\n");
        assertEquals(78, pillion("run", "--config", file.toString()));
        assertTrue(errors().contains("did you mean 'routing'"), errors());
        assertTrue(errors().contains("base_url"), errors());
        assertEquals(78, pillion("config", "check", file.toString()));
    }

    @Test
    void aGoodConfigurationIsExit0() throws Exception {
        Path file = directory.resolve("good.yaml");
        Files.writeString(file, GOOD);
        assertEquals(0, pillion("config", "check", file.toString()), errors());
        assertEquals(0, pillion("config", "check", file.toString(), "--output", "json"));
    }

    @Test
    void theSchemaIsJson() throws Exception {
        assertEquals(0, pillion("config", "schema"));
        JsonNode schema = Json.read(out.toByteArray());
        assertEquals(
                "https://json-schema.org/draft/2020-12/schema", schema.path("$schema").asText());
    }

    @Test
    void aBusyPortIsExit1InOneLine() throws Exception {
        Path file = directory.resolve("good.yaml");
        Files.writeString(file, GOOD);
        try (var busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int code = run(file, "--tcp", "127.0.0.1:" + busy.getLocalPort());
            assertEquals(1, code);
            assertEquals(1, errors().lines().count(), errors());
            assertTrue(errors().contains(String.valueOf(busy.getLocalPort())), errors());
        }
    }

    @Test
    void aLiveSocketFileIsExit1InOneLine() throws Exception {
        Path file = directory.resolve("good.yaml");
        Files.writeString(file, GOOD);
        Path socket = directory.resolve("p.sock");
        try (var live = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            live.bind(UnixDomainSocketAddress.of(socket));
            assertEquals(1, run(file, "--tcp", "off"));
            assertEquals(1, errors().lines().count(), errors());
            assertTrue(errors().contains(socket.toString()), errors());
        }
    }

    private int run(Path config, String... more) {
        String[] base = {
            "run",
            "--config",
            config.toString(),
            "--socket",
            directory.resolve("p.sock").toString(),
            "--admin-socket",
            directory.resolve("a.sock").toString(),
            "--state-dir",
            directory.resolve("state").toString(),
            "--probes",
            "off"
        };
        String[] all = Arrays.copyOf(base, base.length + more.length);
        System.arraycopy(more, 0, all, base.length, more.length);
        return pillion(all);
    }

    @Test
    void aMissingCommandOrAnUnknownFlagIsExit2() {
        assertEquals(2, pillion());
        assertEquals(2, pillion("run", "--nonsense"));
        assertEquals(2, pillion("run", "--tcp", "nowhere"));
        assertEquals(2, pillion("ask"));
    }

    @Test
    void everyFlagHasItsVariable() {
        Path nowhere = directory.resolve("by-variable.sock");
        int code =
                PillionCommand.execute(Map.of("PILLION_SOCKET", nowhere.toString()), "ask", "hi");
        assertEquals(69, code);
        assertTrue(errors().contains(nowhere.toString()), errors());
    }

    @Test
    void theDemoShowsItsScenesAndCostsAndSucceeds() throws Exception {
        assertEquals(0, pillion("demo", "--output", "json"), errors());
        JsonNode demo = Json.read(out.toByteArray());
        assertTrue(demo.path("ok").asBoolean(), demo.toString());
        assertEquals(16, demo.path("scenes").size());
        for (JsonNode scene : demo.path("scenes")) {
            JsonNode usd = scene.path("answer").path("cost").path("usd");
            assertTrue(usd.isTextual(), scene.toString());
        }
    }

    @Test
    void theDemoSearchesAtEveryVendorAndItsToolLoopsCrossThem() throws Exception {
        assertEquals(0, pillion("demo", "--output", "json"), errors());
        var cited = new TreeSet<String>();
        var called = new ArrayList<String>();
        var answered = new ArrayList<String>();
        for (JsonNode scene : Json.read(out.toByteArray()).path("scenes")) {
            JsonNode answer = scene.path("answer");
            String vendor = answer.at("/route/provider").asText();
            if (answer.path("content").findValue("citations") != null) {
                cited.add(vendor);
            }
            if (answer.path("stop").asText().equals("tool_call")) {
                assertTrue(answer.path("content").findValue("seal") != null, answer.toString());
                called.add(vendor);
            }
            JsonNode attempts = answer.at("/route/attempts");
            if (attempts.size() == 2) {
                assertEquals(called.getLast(), attempts.at("/0/provider").asText());
                assertEquals("unavailable", attempts.at("/0/outcome").asText());
                answered.add(vendor);
            }
        }
        assertEquals(Set.of("anthropic", "gemini", "openai", "xai"), cited);
        assertEquals(List.of("anthropic", "openai", "gemini", "xai"), called);
        assertEquals(List.of("openai", "gemini", "xai", "anthropic"), answered);
    }

    @Test
    void theDemoForPeopleSaysWhoDiedWhoAnsweredAndTheTotal() {
        assertEquals(0, pillion("demo"), errors());
        String shown = out.toString(StandardCharsets.UTF_8);
        assertTrue(shown.contains("the plug of anthropic is pulled"), shown);
        assertTrue(shown.contains("claude-sonnet-5-5: unavailable"), shown);
        assertTrue(shown.contains("All of it worked: 16 answers, $"), shown);
        assertTrue(shown.lines().allMatch(line -> line.length() <= 200), shown);
        assertTrue(shown.lines().count() < 90, shown);
    }
}
