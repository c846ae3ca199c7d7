package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recorded exchanges of the endpoints that are served, over real sockets on both sides: a client
 * sends what was recorded, the vendor answers what was recorded, and Pillion stands between.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedExchangesTest {
    private static final String SECRET = "the-clients-own";
    private static final int KEYS = 64;
    private static final Set<String> NOT_SENT =
            Set.of("content-length", "host", "connection", "accept-encoding", "user-agent");

    /** What a client must get of the vendor's headers, where they were recorded. */
    private static final List<String> HANDED_ON =
            List.of("x-ratelimit-", "anthropic-ratelimit-", "x-request-id", "request-id");

    /** Header fields that tell the vendor how to read the body. */
    private static final List<String> SENT_ON =
            List.of("anthropic-version", "anthropic-beta", "openai-beta");

    private final Map<String, RecordedVendor> vendors = new HashMap<>();
    private TestSidecar bed;
    private TestSidecar house;
    private RecordedClient client;
    private RecordedClient houseClient;

    @BeforeAll
    void start() throws Exception {
        List<Recording> chats = new ArrayList<>(RecordedEndpoint.OPENAI_CHAT.recordings());
        chats.addAll(RecordedEndpoint.XAI_CHAT.recordings());
        for (String name : List.of("anthropic", "openai", "gemini", "house")) {
            vendors.put(name, new RecordedVendor());
        }
        bed = TestSidecar.start(config(List.of("anthropic", "openai", "gemini")));
        house = TestSidecar.start(config(List.of("house")) + models(chats));
        client = new RecordedClient(bed.uri("/"));
        houseClient = new RecordedClient(house.uri("/"));
    }

    @AfterAll
    void stop() throws Exception {
        if (houseClient != null) {
            client.close();
            houseClient.close();
            bed.close();
            house.close();
        }
        vendors.values().forEach(RecordedVendor::close);
    }

    /**
     * Many keys each, since recorded refusals take some of ours out; and a house's own server that
     * speaks Chat Completions alone, since OpenAI is asked by its other API when translated to.
     */
    private String config(List<String> providers) {
        var config =
                new StringBuilder("version: 1\nrouting: {unknown_models: allow}\nproviders:\n");
        providers.forEach(name ->
                config.append("  ")
                        .append(name)
                        .append(
                                name.equals("house")
                                        ? ": {speaks: openai, base_url: \""
                                        : ": {base_url: \"")
                        .append(vendors.get(name).origin())
                        .append(name.equals("house") ? "/v1" : "")
                        .append("\", timeouts: {first_byte: 30s, idle: 30s}, keys: [")
                        .append(
                                IntStream.range(0, KEYS)
                                        .mapToObj(i -> "{id: " + name + i + ", value: ours}")
                                        .collect(Collectors.joining(", ")))
                        .append("]}\n"));
        return config.toString();
    }

    private static String models(Collection<Recording> chats) {
        var config = new StringBuilder("models:\n");
        chats.stream()
                .map(chat -> chat.requestBody().path("model").asText())
                .distinct()
                .filter(model -> !model.isEmpty())
                .forEach(model ->
                        config.append("  - {id: \"house/")
                                .append(model)
                                .append("\", price: free, thinking: adaptive,")
                                .append(" efforts: [off, minimal, low, medium, high, xhigh, max],")
                                .append(" can: [tools, parallel_tools, json, json_schema, vision,")
                                .append(" documents, audio, thinking, stream, websearch,")
                                .append(" prompt_cache]}\n"));
        return config.toString();
    }

    private RecordedClient.Answer send(
            RecordedEndpoint endpoint,
            Recording recording,
            boolean translated,
            String wish,
            String value)
            throws Exception {
        boolean gemini = recording.provider().equals("gemini");
        String path = recording.path();
        path += gemini ? (path.contains("?") ? "&" : "?") + "key=" + SECRET : "";
        JsonNode body = recording.requestBody();
        boolean atHouse = endpoint.provider(translated).equals("house");
        if (atHouse) {
            body = body.deepCopy();
            ((ObjectNode) body).put("model", "house/" + body.path("model").asText());
        }
        Map<String, String> headers = new HashMap<>(recording.requestHeaders());
        headers.keySet().removeAll(NOT_SENT);
        headers.put("content-type", "application/json");
        headers.put("x-api-key", SECRET);
        headers.put("x-goog-api-key", SECRET);
        headers.put("authorization", "Bearer " + SECRET);
        headers.put(wish, value);
        return (atHouse ? houseClient : client)
                .post(path, headers, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What was found at one endpoint. */
    private static final class Report {
        final List<String> wrong = new ArrayList<>();
        final Map<String, Integer> edits = new TreeMap<>();
        final Map<String, Integer> refused = new TreeMap<>();
        int requests;
        int answers;
        int streams;

        void same(Recording recording, String what, String expected, String actual) {
            if (!expected.equals(actual)) {
                wrong.add(
                        recording
                                + " "
                                + what
                                + ": "
                                + brief(expected)
                                + " became "
                                + brief(actual));
            }
        }

        private static String brief(String text) {
            String shown = String.valueOf(text);
            return shown.length() > 200 ? shown.substring(0, 200) + "…" : shown;
        }

        int refusals() {
            return refused.values().stream().mapToInt(i -> i).sum();
        }

        void check() {
            assertEquals("", String.join("\n", wrong.stream().limit(12).toList()));
            assertTrue(requests > 0);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pillion.sidecar.RecordedEndpoint#all")
    @DisplayName("F15 F25 F28 F29 F31 F49: what was recorded goes through, both ways")
    void whatWasRecordedGoesThrough(RecordedEndpoint endpoint) throws Exception {
        RecordedVendor vendor = vendors.get(endpoint.provider(false));
        var report = new Report();
        List<Recording> all = endpoint.recordings().stream().filter(Recording::isOk).toList();
        for (Recording recording : all) {
            vendor.play(recording);
            RecordedClient.Answer got =
                    send(endpoint, recording, false, "x-pillion-passthrough", "auto");
            if (refused(recording, vendor, got, report)) {
                continue;
            }
            int before = report.wrong.size();
            asked(recording, vendor.seen().getFirst(), report);
            report.requests += report.wrong.size() == before ? 1 : 0;
            before = report.wrong.size();
            answered(recording, got, report);
            report.answers += report.wrong.size() == before ? 1 : 0;
            report.streams += vendor.streams(recording) ? 1 : 0;
        }
        System.out.printf(
                "%s passed through: of %d requests %d reach the vendor as recorded, edits %s,"
                        + " refused by name %s; of %d answers %d reach the client as recorded, %d"
                        + " streams%n",
                endpoint,
                all.size(),
                report.requests,
                report.edits,
                report.refused,
                all.size() - report.refusals(),
                report.answers,
                report.streams);
        report.check();
    }

    /** Whether the request was refused, which names a field, or went wrong. */
    private static boolean refused(
            Recording recording, RecordedVendor vendor, RecordedClient.Answer got, Report report) {
        if (vendor.seen().size() == 1) {
            return false;
        }
        String body = got.text();
        JsonNode error = body.startsWith("{") ? Corpus.json(body).path("error") : Corpus.json("{}");
        String why = error.path("message").asText();
        boolean named = got.status() == 400 && why.contains(":") && vendor.seen().isEmpty();
        if (named) {
            report.refused.merge(why.replaceAll("(?<=/)\\d+|gpt[^ ,]*", "N"), 1, Integer::sum);
        } else {
            int asked = vendor.seen().size();
            report.wrong.add(recording + " was asked " + asked + " times: " + Report.brief(body));
        }
        return true;
    }

    /** Looks at what the vendor was asked. */
    private static void asked(Recording recording, RecordedVendor.Seen seen, Report report) {
        String sent = new String(seen.body(), StandardCharsets.UTF_8);
        String came = recording.requestBody().toString();
        if (!sent.equals(came)) {
            came = edited(recording, sent, report);
        }
        report.same(recording, "request", came, sent);
        report.same(recording, "path", recording.path(), seen.target());
        for (String name : SENT_ON) {
            String value = recording.requestHeaders().get(name);
            if (value != null) {
                report.same(recording, name, value, seen.headers().get(name));
            }
        }
        boolean leaks =
                seen.target().contains(SECRET) || seen.headers().toString().contains(SECRET);
        report.same(recording, "credentials", "ours", leaks ? "the client's" : "ours");
    }

    /** The recorded request with the edits that had to be made, at the place where they were. */
    private static String edited(Recording recording, String sent, Report report) {
        JsonNode body = recording.requestBody();
        boolean streams = body.path("stream").asBoolean();
        boolean asks = body.at("/stream_options/include_usage").asBoolean();
        String came = body.toString();
        if (streams && !asks && recording.endpoint().equals("chat.completions")) {
            report.edits.merge("usage asked for", 1, Integer::sum);
            String options = "\"stream_options\":{\"include_usage\":true}";
            return body.has("stream_options")
                    ? came.replace("\"include_usage\":false", "\"include_usage\":true")
                    : came.replaceFirst("\\{", "{" + options + ",");
        }
        String model = Corpus.json(sent).path("model").toString();
        if (!body.has("model") && recording.endpoint().equals("responses")) {
            report.edits.merge("model named where none was", 1, Integer::sum);
            return came.replaceFirst("\\{", "{\"model\":" + model + ",");
        }
        return came;
    }

    /** Looks at what the client got. */
    private static void answered(Recording recording, RecordedClient.Answer got, Report report) {
        int status = got.status();
        report.same(recording, "status", "" + recording.status(), "" + status);
        String body = got.text();
        String want = new String(RecordedVendor.bytes(recording, false), StandardCharsets.UTF_8);
        boolean asks = recording.requestBody().at("/stream_options/include_usage").asBoolean();
        if (!asks && !want.stripTrailing().equals(body.stripTrailing())) {
            // A client that did not ask for usage does not get it, though a vendor once told it.
            want =
                    want.replaceAll(
                            "data: \\{[^\\n]*\"choices\": ?\\[\\], ?\"usage\"[^\\n]*\\n\\n", "");
            report.edits.merge("usage withheld that was not asked for", 1, Integer::sum);
        }
        report.same(recording, "answer", want.stripTrailing(), body.stripTrailing());
        recording
                .replyHeaders()
                .forEach((name, value) -> {
                    if (HANDED_ON.stream().anyMatch(name::startsWith)) {
                        report.same(recording, name, value, got.headers().get(name));
                    }
                });
        String recorded = recording.replyHeaders().getOrDefault("content-type", "application/json");
        String type = got.headers().getOrDefault("content-type", "");
        String expected = recording.isStream() ? "text/event-stream" : media(recorded);
        report.same(recording, "type", expected, media(type));
    }

    private static String media(String type) {
        return type.replaceAll(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @MethodSource("dev.pillion.sidecar.RecordedEndpoint#all")
    @DisplayName("F25 F27 F28 F29 F31 F32: what was recorded means the same when translated")
    void whatWasRecordedMeansTheSameWhenTranslated(RecordedEndpoint endpoint) throws Exception {
        RecordedVendor vendor = vendors.get(endpoint.provider(true));
        var report = new Report();
        List<Recording> all = endpoint.recordings().stream().filter(Recording::isOk).toList();
        for (Recording recording : all) {
            vendor.play(recording);
            RecordedClient.Answer got =
                    send(endpoint, recording, true, "x-pillion-passthrough", "never");
            if (refused(recording, vendor, got, report)) {
                continue;
            }
            byte[] sent = vendor.seen().getFirst().body();
            List<String> lost = endpoint.requestDiffers(recording, sent);
            if (new String(sent, StandardCharsets.UTF_8).contains("Attached to the result of")) {
                // Where results are text alone, their pictures stand behind them.
                report.edits.merge("pictures of results told by the user", 1, Integer::sum);
                lost = List.of();
            }
            lost.forEach(d -> report.wrong.addFirst(recording + " request " + d));
            report.requests += lost.isEmpty() ? 1 : 0;
            if (got.status() != 200) {
                String body = got.text();
                report.wrong.add(recording + " answer: " + Report.brief(body));
                continue;
            }
            lost = endpoint.answerDiffers(recording, got.body());
            lost.forEach(d -> report.wrong.add(recording + " answer " + d));
            report.answers += lost.isEmpty() ? 1 : 0;
        }
        System.out.printf(
                "%s translated: of %d requests %d expressed, %d refused by name, %d lost; of %d"
                        + " answers %d mean the same; emulated %s%n",
                endpoint,
                all.size(),
                report.requests,
                report.refusals(),
                all.size() - report.refusals() - report.requests,
                all.size() - report.refusals(),
                report.answers,
                report.edits);
        report.refused.forEach(
                (why, count) -> System.out.println("  refused: " + count + " " + why));
        report.check();
    }

    @ParameterizedTest
    @MethodSource("dev.pillion.sidecar.RecordedEndpoint#all")
    @DisplayName(
            "F18 F24: what a vendor refused reaches the client as it was, but for our own keys")
    void whatWasRefusedIsToldAsItWas(RecordedEndpoint endpoint) throws Exception {
        RecordedVendor vendor = vendors.get(endpoint.provider(false));
        var report = new Report();
        List<Recording> all = endpoint.recordings().stream().filter(r -> !r.isOk()).toList();
        for (Recording recording : all) {
            vendor.play(recording);
            var got = send(endpoint, recording, false, "x-pillion-failover", "off");
            if (refused(recording, vendor, got, report)) {
                continue;
            }
            boolean elsewhere =
                    recording.requestBody().has("web_search_options")
                            && vendor.seen().getFirst().target().endsWith("/responses");
            if (elsewhere) {
                report.edits.merge("a search asked for on the other API", 1, Integer::sum);
                continue;
            }
            asked(recording, vendor.seen().getFirst(), report);
            if (got.status() == 503 && recording.status() / 100 == 4) {
                report.edits.merge("a refusal of our key told as 503", 1, Integer::sum);
                continue;
            }
            String recorded =
                    new String(RecordedVendor.bytes(recording, false), StandardCharsets.UTF_8);
            report.same(recording, "status", "" + recording.status(), "" + got.status());
            report.same(recording, "error", recorded, got.text());
        }
        System.out.printf(
                "%s errors: of %d, edits %s, refused by name %s, the others as recorded%n",
                endpoint, all.size(), report.edits, report.refused);
        assertEquals("", String.join("\n", report.wrong.stream().limit(12).toList()));
    }
}
