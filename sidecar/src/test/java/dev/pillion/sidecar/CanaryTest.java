package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.CanaryCases.Case;
import dev.pillion.sidecar.cli.PillionCommand;
import dev.pillion.sidecar.simulate.Misbehaviour;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.Simulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * F50: keys, prompts and answers that are easily found again go through a real process on every
 * way, good and bad, and are looked for in everything that it writes, at its most talkative.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CanaryTest {
    /** Clients that go away. */
    private static final int LEFT = 3;

    private static final String TIMES =
            "timeouts: {connect: 1s, first_byte: 500ms, first_byte_unstreamed: 500ms, idle: 500ms}";

    private static final String CONFIG =
            """
            version: 1
            providers:
              anthropic: {base_url: "%s", keys: [{id: a1, value: KEY_A}], TIMES}
              openai: {base_url: "%s", keys: [{id: o1, value: "env:CANARY_OPENAI"}], TIMES}
              gemini: {base_url: "%s", keys: [{id: g1, value: "file:%s"}], TIMES}
              xai: {base_url: "%s", keys: [{id: x1, value: KEY_X}], TIMES}
              house: {speaks: openai, base_url: "%s/v1", keys: [{id: h1, value: KEY_H}], TIMES}
            models:
              - {id: house/parrot, class: fast, can: [tools, stream, json, vision], context: 9999,
                 max_output: 999, price: free}
            routing: {failover: {max_attempts: 2, retries_per_provider: 0,
              backoff: {first: 1ms, max: 2ms}}}
            """
                    .replace("TIMES", TIMES)
                    .replace("KEY_A", CanaryCases.ANTHROPIC_KEY)
                    .replace("KEY_X", CanaryCases.XAI_KEY)
                    .replace("KEY_H", CanaryCases.HOUSE_KEY);

    private final Map<String, Simulator> vendors = new LinkedHashMap<>();
    private final RawVendor house = house();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private Path secrets;
    private Daemon daemon;

    private static RawVendor house() {
        try {
            return new RawVendor();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    void start() throws Exception {
        vendors.put("anthropic", Simulator.start(Simulator.Options.anthropic()));
        vendors.put("openai", Simulator.start(Simulator.Options.openAi()));
        vendors.put("gemini", Simulator.start(Simulator.Options.gemini()));
        vendors.put("xai", Simulator.start(Simulator.Options.xai()));
        secrets = Files.createTempDirectory("pillion-secrets");
        Path key = Files.writeString(secrets.resolve("gemini"), CanaryCases.GEMINI_KEY + "\n");
        Path token = Files.writeString(secrets.resolve("token"), CanaryCases.TOKEN + "\n");
        daemon =
                Daemon.start(
                        CONFIG.formatted(
                                origin("anthropic"),
                                origin("openai"),
                                origin("gemini"),
                                key,
                                origin("xai"),
                                house.origin()),
                        Map.of("CANARY_OPENAI", CanaryCases.OPENAI_KEY),
                        null,
                        "--log-level=debug",
                        "--tcp-token-file=" + token);
    }

    private String origin(String vendor) {
        return vendors.get(vendor).origin();
    }

    @AfterAll
    void stop() throws Exception {
        daemon.close();
        vendors.values().forEach(Simulator::close);
        house.close();
        Files.delete(secrets.resolve("gemini"));
        Files.delete(secrets.resolve("token"));
        Files.delete(secrets);
    }

    @Test
    @DisplayName("F50 no key, prompt or answer in any log, ledger, metric, error or admin output")
    void nothingOfItIsEverWritten() throws Exception {
        for (Case each : CanaryCases.good()) {
            send(each);
        }
        for (Case each : CanaryCases.bad()) {
            blameless(each, send(each));
        }
        for (String bytes : CanaryCases.rawBad()) {
            keyless(bytes, daemon.raw(bytes));
        }
        leave();
        misbehave();
        quote();
        administer();
        assertTrue(statuses.getOrDefault(200, 0) > 50, statuses::toString);
        assertTrue(statuses.getOrDefault(400, 0) > 100, statuses::toString);
        assertTrue(statuses.getOrDefault(503, 0) > 10, statuses::toString);
        assertTrue(daemon.stop(Duration.ofSeconds(20)), "it did not end in time");
        everythingWritten();
    }

    private HttpResponse<String> send(Case what) throws Exception {
        List<String> headers = new ArrayList<>(List.of(what.headers()));
        headers.addAll(
                List.of(
                        "authorization",
                        "Bearer " + CanaryCases.TOKEN,
                        "x-api-key",
                        CanaryCases.CLIENT_KEY,
                        "x-goog-api-key",
                        CanaryCases.CLIENT_KEY));
        HttpResponse<String> answer;
        try {
            answer = daemon.post(what.path(), what.body(), headers.toArray(String[]::new));
        } catch (IOException e) { // a vendor's answer that was cut is cut
            statuses.merge(0, 1, Integer::sum);
            return null;
        }
        statuses.merge(answer.statusCode(), 1, Integer::sum);
        keyless(what.path(), answer.headers().map() + answer.body());
        return answer;
    }

    /** Vendor keys are nobody's but the vendors'. */
    private static void keyless(String what, String answer) {
        assertEquals(List.of(), CanaryCases.KEYS.in(answer), () -> what + " → " + answer);
    }

    /** What is wrong is told without the words around it. */
    private static void blameless(Case what, HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            assertEquals(
                    List.of(),
                    CanaryCases.CONTENT.in(answer.body()),
                    () -> what.path() + " " + new String(what.body(), StandardCharsets.UTF_8));
        }
    }

    /** Clients that go away while they are answered. */
    private void leave() throws Exception {
        String body = Way.CHAT.body("openai/gpt-4.1", CanaryCases.PROMPT, true);
        vendors.get("openai").faults().always(new Misbehaviour.Slow(20));
        for (int i = 0; i < LEFT; i++) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), daemon.tcpPort())) {
                String head =
                        "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\n"
                                + "authorization: Bearer "
                                + CanaryCases.TOKEN
                                + "\r\ncontent-length: "
                                + body.length()
                                + "\r\n\r\n";
                socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
                if (i > 0) {
                    assertEquals('H', socket.getInputStream().read());
                }
            }
        }
        vendors.get("openai").faults().clear();
    }

    private static List<Misbehaviour> misbehaviours() {
        List<Misbehaviour> all = new ArrayList<>();
        for (int status : new int[] {400, 401, 403, 404, 408, 413, 429, 500, 503, 529}) {
            all.add(new Misbehaviour.Status(status));
        }
        all.add(new Misbehaviour.PromptTooLong());
        all.add(new Misbehaviour.ErrorEvent(0, 529));
        all.add(new Misbehaviour.ErrorEvent(3, 500));
        for (How how : List.of(How.CLOSE, How.RESET, How.END)) {
            all.add(new Break(0, how));
            all.add(new Break(3, how));
        }
        all.add(new Misbehaviour.WrongLength(50));
        all.add(new Misbehaviour.TruncatedChunk());
        all.add(new Misbehaviour.GarbageHttp());
        all.add(new Misbehaviour.GarbageJson());
        all.add(new Misbehaviour.EmptyBody());
        all.add(new Misbehaviour.Brotli());
        return all;
    }

    private void misbehave() throws Exception {
        for (Misbehaviour what : misbehaviours()) {
            vendors.values().forEach(vendor -> vendor.faults().always(what));
            for (Way way : List.of(Way.CHAT, Way.MESSAGES, Way.GENERATE_CONTENT, Way.GENERATE)) {
                for (boolean stream : List.of(true, false)) {
                    String body = way.body(way.own, CanaryCases.PROMPT, stream);
                    send(new Case(way.path(way.own, stream), body));
                }
            }
            String other = Way.CHAT.body("xai/grok-4.6", CanaryCases.PROMPT, true);
            send(new Case("/v1/chat/completions", other, "x-pillion-failover", "off"));
            send(new Case("/xai/v1/chat/completions", other));
            vendors.values().forEach(vendor -> vendor.faults().clear());
        }
    }

    /** What a vendor may say that quotes our key and the request, and answers worth hiding. */
    private static List<String> answers() {
        String say = "Incorrect API key provided: KEY. Your request: " + CanaryCases.PROMPT;
        String error = "{\"error\":{\"message\":\"" + say + "\",\"type\":\"x\",\"code\":\"y\"}}";
        List<String> answers = new ArrayList<>();
        for (int status : new int[] {400, 401, 403, 404, 422, 429, 500, 503}) {
            answers.add("HTTP/1.1 " + status + " No\r\n" + RawVendor.rest(error, "x-key: KEY"));
            answers.add("HTTP/1.1 " + status + " No\r\n" + RawVendor.rest("<p>" + say, "a: b"));
            answers.add("HTTP/1.1 " + status + " No\r\n" + RawVendor.rest("KEY_JSON", "a: b"));
        }
        String sse = "content-type: text/event-stream";
        String delta =
                "data:"
                    + " {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{\"role\":\"assistant\",\"content\":\""
                        + CanaryCases.ANSWER
                        + "\"}}]}\n\n";
        answers.add(RawVendor.ok("data: " + error + "\n\n", sse));
        answers.add(RawVendor.ok(delta + "data: " + error + "\n\n", sse));
        answers.add(RawVendor.ok(delta + "data: {" + CanaryCases.ANSWER + "\n\n", sse));
        answers.add(RawVendor.ok(delta, sse));
        answers.add(RawVendor.ok("{\"choices\":[{" + CanaryCases.ANSWER));
        answers.add(RawVendor.ok("{\"choices\":\"" + CanaryCases.ANSWER + "\"}"));
        answers.add(RawVendor.ok(CanaryCases.ANSWER, "content-encoding: gzip"));
        answers.add(RawVendor.ok(CanaryCases.ANSWER, "content-encoding: " + CanaryCases.ANSWER));
        answers.add("HTTP/1.1 " + CanaryCases.ANSWER + "\r\n\r\n");
        answers.add("HTTP/1.1 200 OK\r\n" + CanaryCases.ANSWER + "\r\n\r\n");
        answers.add("HTTP/1.1 200 OK\r\ncontent-length: " + CanaryCases.ANSWER + "\r\n\r\n");
        answers.add("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + CanaryCases.ANSWER);
        answers.add(RawVendor.rest("x", "HTTP/1.1 302 Found\r\nlocation: /" + CanaryCases.ANSWER));
        return answers;
    }

    private void quote() throws Exception {
        String key = CanaryCases.HOUSE_KEY;
        for (String answer : answers()) {
            String text = answer.replace("KEY_JSON", "\"" + key + "\"").replace("KEY", key);
            String fit =
                    text.replaceFirst("content-length: \\d+", "content-length: " + length(text));
            house.script((_, out) -> RawVendor.send(out, fit));
            for (boolean stream : List.of(true, false)) {
                String body = Way.CHAT.body("house/parrot", CanaryCases.PROMPT, stream);
                send(new Case("/v1/chat/completions", body));
                send(new Case("/v1/chat/completions", body, "x-pillion-failover", "off"));
                send(new Case("/v1/messages", body));
                send(new Case("/v1/generate", body.replace("\"max_tokens\":500,", "")));
                if (!text.startsWith("HTTP/1.1 200")) { // what succeeds is handed on as it is
                    send(new Case("/house/v1/chat/completions", body));
                }
            }
        }
    }

    private static int length(String answer) {
        return answer.length() - answer.indexOf("\r\n\r\n") - 4;
    }

    /** The admin socket, the probes, reloads of what can't be, and the check of the same. */
    private void administer() throws Exception {
        List<String> told = new ArrayList<>();
        for (String path : List.of("/healthz", "/readyz", "/metrics", "/" + CanaryCases.PROMPT)) {
            told.add(daemon.probe(path));
        }
        for (String by : List.of("caller", "model", "provider", "key", "tag:team", "hour", "day")) {
            told.add(daemon.admin("GET /usage?by=" + by));
        }
        for (String path : List.of("status", "routes", "health", "keys", "limits", "version")) {
            told.add(daemon.admin("GET /" + path)); // those that there are
        }
        Path file = daemon.directory.resolve("pillion.yaml");
        String good = Files.readString(file);
        for (String document : CanaryCases.badDocuments()) {
            Files.writeString(file, document);
            told.add(daemon.admin("POST /reload"));
            if (document.contains(CanaryCases.SPARE_KEY)) {
                told.add(check(file));
            }
        }
        Files.writeString(file, good);
        told.add(daemon.admin("POST /reload"));
        told.add(daemon.admin("GET /status"));
        for (String text : told) {
            keyless("admin", text);
            assertEquals(List.of(), CanaryCases.CONTENT.in(text), text);
        }
    }

    private static String check(Path file) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var told = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
            System.setErr(System.out);
            PillionCommand.execute("config", "check", file.toString());
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return told.toString(StandardCharsets.UTF_8);
    }

    /** Both streams and all of the state directory; the logs' lines are JSON, each one. */
    private void everythingWritten() throws Exception {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(daemon.directory)) {
            found.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("pillion.yaml"))
                    .forEach(files::add);
        }
        assertTrue(files.size() >= 3, files::toString);
        for (Path file : files) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertEquals(List.of(), CanaryCases.KEYS.in(text), file::toString);
            assertEquals(List.of(), CanaryCases.CONTENT.in(text), file::toString);
        }
        Set<String> ids = new HashSet<>();
        for (String line : daemon.out().lines().toList()) {
            JsonNode entry = Json.read(line);
            assertEquals("request", entry.path("msg").asText(), line);
            assertTrue(ids.add(entry.path("request_id").asText()), line);
        }
        int sent = statuses.values().stream().mapToInt(count -> count).sum();
        assertEquals(sent + CanaryCases.rawBad().size() + LEFT, ids.size(), "a line a request");
        for (String line : daemon.err().lines().toList()) {
            assertTrue(Json.read(line).has("level"), line);
        }
    }
}
