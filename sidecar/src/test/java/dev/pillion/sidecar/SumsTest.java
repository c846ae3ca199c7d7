package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the ledger says that recorded exchanges cost, beside what a program says that shares nothing
 * with Pillion: {@code src/test/sums/sums.py}, which has its own table of prices.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SumsTest {
    private static final Set<String> PRICED =
            Set.of(
                    "messages",
                    "chat.completions",
                    "responses",
                    "generateContent",
                    "streamGenerateContent",
                    "embeddings");
    private static final Set<String> NOT_SENT =
            Set.of("content-length", "host", "connection", "accept-encoding", "user-agent");

    /** How the exchanges go through Pillion. */
    enum Route {
        /** In the vendor's own format, its bytes passed on. */
        PASSED,
        /** In the vendor's own format, read and written again. */
        TRANSLATED,
        /** Below the vendor's name, unread but for its usage. */
        RAW,
        /** On any of the surfaces, unstreamed. */
        ELSEWHERE,
        /** The same, streamed. */
        ELSEWHERE_STREAMED;

        boolean isElsewhere() {
            return this == ELSEWHERE || this == ELSEWHERE_STREAMED;
        }
    }

    private static final int TICK_DIGITS = 10;
    private static final Pattern TICKS = Pattern.compile("\"cost_in_usd_ticks\":\\s*(\\d+)");

    private final Map<String, Recording> recordings = new TreeMap<>();
    private final List<String> ids = new ArrayList<>();
    private RecordedVendor vendor;
    private String config;
    private JsonNode expected;

    @BeforeAll
    void start() throws Exception {
        Path shared = Path.of(System.getenv().getOrDefault("PILLION_SHARED", "../../shared"));
        Path prices = shared.resolve("prices/prices-2026-08.json");
        assumeTrue(Files.isReadable(prices), "no prices here");
        expected = reckoned(shared.resolve("corpus"), prices);
        for (String provider : List.of("anthropic", "openai", "gemini", "xai")) {
            for (String endpoint : PRICED) {
                Corpus.read(provider + ".jsonl", endpoint).stream()
                        .filter(r -> r.status() == 200 && expected.has(r.id()))
                        .filter(r -> r.requestBody() != null && r.requestBody().isObject())
                        .filter(SumsTest::isTyped)
                        .forEach(r -> recordings.put(r.id(), r));
            }
        }
        ids.addAll(recordings.keySet());
        vendor = new RecordedVendor();
        config = config(new OlderModels(Corpus.json(Files.readAllBytes(prices))));
    }

    @AfterAll
    void stop() throws Exception {
        if (vendor != null) {
            vendor.close();
        }
    }

    /** Two recordings were written by hand: streams that say they are none. */
    private static boolean isTyped(Recording recording) {
        String type = recording.replyHeaders().getOrDefault("content-type", "text/event-stream");
        return !recording.isStream() || type.startsWith("text/event-stream");
    }

    private static JsonNode reckoned(Path corpus, Path prices) throws Exception {
        Path program = Path.of("src/test/sums/sums.py").toAbsolutePath();
        Path answer = Files.createTempFile("sums", ".json");
        try {
            var process =
                    new ProcessBuilder(
                                    "python3",
                                    program.toString(),
                                    corpus.toString(),
                                    prices.toString(),
                                    "--json",
                                    "--day",
                                    LocalDate.now(ZoneOffset.UTC).toString())
                            .redirectOutput(answer.toFile())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            assertEquals(0, process.waitFor());
            return Corpus.json(Files.readAllBytes(answer));
        } catch (IOException e) {
            assumeTrue(false, "no python3 here");
            throw e;
        } finally {
            Files.delete(answer);
        }
    }

    private String config(OlderModels older) {
        var config =
                new StringBuilder("version: 1\nrouting: {unknown_models: allow}\nproviders:\n");
        for (String name :
                List.of(
                        "anthropic",
                        "openai",
                        "gemini",
                        "xai",
                        "house-openai",
                        "house-xai",
                        "house-gemini")) {
            String speaks = name.equals("house-xai") ? "xai" : "openai";
            boolean house = name.startsWith("house-");
            config.append("  ").append(name).append(": {");
            config.append(house ? "speaks: " + speaks + ", " : "");
            config.append("base_url: \"").append(vendor.origin()).append(house ? "/v1" : "");
            config.append("\", timeouts: {first_byte: 30s, idle: 30s}, keys: [{id: ").append(name);
            config.append(", value: ours}]}\n");
        }
        return config + older.entries(recordings.values());
    }

    /**
     * What was recorded as the other one sends it, or a plain question where that doesn't matter.
     */
    private RecordedClient.Answer send(
            Route route, Recording recording, int number, RecordedClient client)
            throws IOException {
        boolean atHouse =
                recording.endpoint().equals("chat.completions")
                        && (route != Route.PASSED || !recording.provider().equals("openai"));
        Map<String, String> headers = new HashMap<>(recording.requestHeaders());
        headers.keySet().removeAll(NOT_SENT);
        headers.keySet().removeIf(name -> name.startsWith("x-pillion"));
        headers.put("content-type", "application/json");
        headers.put("x-api-key", "the-clients-own");
        headers.put("x-goog-api-key", "the-clients-own");
        headers.put("authorization", "Bearer the-clients-own");
        headers.put("x-pillion-failover", "off");
        headers.put(
                "x-pillion-tags",
                "n="
                        + number
                        + ",vendor="
                        + recording.provider()
                        + ",told="
                        + (isSummed(recording) ? "yes" : "no"));
        JsonNode body = recording.requestBody();
        String path = recording.path();
        String provider = atHouse ? OlderModels.house(recording) : recording.provider();
        String named = provider + "/" + OlderModels.asked(recording);
        switch (route) {
            case PASSED, TRANSLATED -> {
                headers.put("x-pillion-passthrough", route == Route.PASSED ? "auto" : "never");
                if (body.has("model")) {
                    body = ((ObjectNode) body.deepCopy()).put("model", named);
                }
            }
            case RAW -> path = "/" + recording.provider() + path;
            case ELSEWHERE, ELSEWHERE_STREAMED -> {
                boolean stream = route == Route.ELSEWHERE_STREAMED;
                headers.keySet().removeIf(name -> name.startsWith("anthropic-"));
                Plain plain = plain(number % 5, named, stream);
                path = plain.path();
                headers.put("x-pillion-passthrough", "never");
                body = plain.body();
            }
        }
        return client.post(path, headers, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A question on one of the surfaces. */
    private record Plain(String path, JsonNode body) {}

    private static Plain plain(int surface, String model, boolean stream) {
        String head = "{\"model\": \"" + model + "\", \"stream\": " + stream + ", ";
        String messages = "\"messages\": [{\"role\": \"user\", \"content\": \"Well?\"}]";
        return switch (surface) {
            case 0 -> new Plain("/v1/generate", Corpus.json(head + messages + "}"));
            case 1 -> new Plain("/v1/chat/completions", Corpus.json(head + messages + "}"));
            case 2 -> new Plain("/v1/responses", Corpus.json(head + "\"input\": \"Well?\"}"));
            case 3 ->
                    new Plain(
                            "/v1/messages",
                            Corpus.json(head + "\"max_tokens\": 99, " + messages + "}"));
            default ->
                    new Plain(
                            "/v1beta/models/"
                                    + model.replace("/", "%2F")
                                    + (stream
                                            ? ":streamGenerateContent?alt=sse"
                                            : ":generateContent"),
                            Corpus.json("{\"contents\": [{\"parts\": [{\"text\": \"Well?\"}]}]}"));
        };
    }

    /** What was found on one route. */
    private static final class Findings {
        final List<String> wrong = new ArrayList<>();
        final Map<String, Integer> unpriced = new TreeMap<>();
        final Map<String, Integer> refused = new TreeMap<>();
        final Set<String> sent = new HashSet<>();
        int priced;
        int billed;

        void print(Route route, BigDecimal sum) {
            System.out.printf(
                    "%s: %d exchanges sent, %d refused by name, %d priced at %s USD in all, as the"
                        + " other program says; %d of them with the vendor's own bill, the same;"
                        + " not priced %s%n",
                    route,
                    sent.size(),
                    refused.values().stream().mapToInt(i -> i).sum(),
                    priced,
                    sum.stripTrailingZeros().toPlainString(),
                    billed,
                    unpriced);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "F35 F36 F38 F39: the ledger's sums are those of another program, to the last digit")
    void theLedgersSumsAreThoseOfAnotherProgram(Route route) throws Exception {
        var findings = new Findings();
        try (var bed = TestSidecar.start(config);
                var client = new RecordedClient(bed.uri("/"))) {
            for (int number = 0; number < ids.size(); number++) {
                exchange(route, number, client, findings);
            }
            JsonNode rows = bed.admin("/usage?by=tag:n").path("rows");
            for (JsonNode row : rows) {
                check(row, findings);
            }
            assertEquals(findings.sent.size(), rows.size(), "one record an exchange");
            BigDecimal sum = sums(bed.admin("/usage?by=tag:told,tag:vendor,model"), findings);
            assertEquals("", String.join("\n", findings.wrong.stream().limit(12).toList()));
            findings.print(route, sum);
        }
        assertTrue(findings.priced > 2500, "priced " + findings.priced);
    }

    private void exchange(Route route, int number, RecordedClient client, Findings findings)
            throws IOException {
        Recording recording = recordings.get(ids.get(number));
        boolean vectors = recording.endpoint().equals("embeddings");
        if (vectors && route.isElsewhere()) {
            return;
        }
        vendor.play(recording);
        RecordedClient.Answer got = send(route, recording, number, client);
        if (!vendor.seen().isEmpty()) {
            findings.sent.add(recording.id());
        } else if (got.status() == 400 || got.status() == 404) {
            findings.refused.merge(got.text(), 1, Integer::sum);
        } else {
            findings.wrong.add(recording + " was not asked: " + got.status() + " " + got.text());
        }
    }

    /** One exchange's row, beside what the other program and the vendor say. */
    private void check(JsonNode row, Findings findings) {
        String id = ids.get(row.path("tag:n").asInt());
        Recording recording = recordings.get(id);
        boolean certain = row.path("estimated").asInt() + row.path("unpriced").asInt() == 0;
        if (!isTold(recording)) {
            findings.unpriced.merge(why(id), 1, Integer::sum);
            if (certain) {
                findings.wrong.add(id + " is certain: " + why(id) + ": " + row);
            }
            return;
        }
        var cost = new BigDecimal(row.path("cost_usd").asText());
        var wanted = new BigDecimal(expected.path(id).path("usd").asText());
        BigDecimal billed = billed(recording);
        findings.priced++;
        findings.billed += billed == null ? 0 : 1;
        if (!certain || cost.compareTo(wanted) != 0 || row.path("attempts").asInt() != 1) {
            findings.wrong.add(id + ": " + wanted + " became " + row);
        }
        if (billed != null && billed.compareTo(cost) != 0) {
            findings.wrong.add(id + ": the vendor billed " + billed + ", not " + cost);
        }
    }

    /** The sums by model, of all whose price is known, beside the other program's. */
    private BigDecimal sums(JsonNode usage, Findings findings) {
        Map<String, BigDecimal> theirs = new TreeMap<>();
        for (String id : findings.sent) {
            Recording recording = recordings.get(id);
            if (isSummed(recording)) {
                String model = recording.provider() + "/" + OlderModels.asked(recording);
                var usd = new BigDecimal(expected.path(id).path("usd").asText());
                theirs.merge(model, usd, BigDecimal::add);
            }
        }
        Map<String, BigDecimal> ours = new TreeMap<>();
        for (JsonNode row : usage.path("rows")) {
            if (row.path("tag:told").asText().equals("yes")) {
                String model = row.path("tag:vendor").asText() + "/" + row.path("model").asText();
                ours.merge(model, new BigDecimal(row.path("cost_usd").asText()), BigDecimal::add);
            }
        }
        assertEquals(theirs.keySet(), ours.keySet());
        theirs.forEach((model, usd) -> {
            if (usd.compareTo(ours.get(model)) != 0) {
                findings.wrong.add(model + ": " + usd + " became " + ours.get(model));
            }
        });
        return theirs.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private String why(String id) {
        return expected.path(id).path("why").asText();
    }

    /** The same, of a model that was asked for by its name. */
    private boolean isSummed(Recording recording) {
        return isTold(recording) && !OlderModels.asked(recording).isEmpty();
    }

    /** Whether the vendor told its usage, and its price is known. */
    private boolean isTold(Recording recording) {
        return !expected.path(recording.id()).path("usd").isNull();
    }

    /** What xAI billed; null: the answer doesn't tell. */
    private static BigDecimal billed(Recording recording) {
        String text = recording.isStream() ? recording.text() : recording.body().toString();
        BigDecimal last = null;
        for (Matcher ticks = TICKS.matcher(text); ticks.find(); ) {
            last = new BigDecimal(ticks.group(1)).movePointLeft(TICK_DIGITS);
        }
        return last;
    }
}
