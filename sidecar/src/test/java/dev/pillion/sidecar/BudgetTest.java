package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.Misbehaviour;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Budgets over real sockets, on every path that can cost something. */
class BudgetTest {
    private static final String CALLERS =
            """
            callers:
              default: {budget_usd_per_day: 0.5}
              broke: {budget_usd_per_day: 0}
              thrifty: {budget_usd_per_day: 0.03}
              free: {}
            """;

    /** A way to spend money: where, how, and what a client of it is told when there is none. */
    record Way(String path, String body, int status, String says) {
        static Way of(String path, String body, int status, String says) {
            return new Way(path, body.replace('\'', '"'), status, says);
        }
    }

    private static final String HI = "'messages':[{'role':'user','content':'hi'}]";
    private static final String CLAUDE = "'model':'anthropic/claude-haiku-4-5'";
    private static final String GPT = "'model':'openai/gpt-6-luna'";
    private static final String CONTENTS =
            "{'contents':[{'role':'user','parts':[{'text':'hi'}]}],"
                    + "'generationConfig':{'maxOutputTokens':64}}";
    private static final String UNIFORM = "\"kind\":\"budget_exceeded\"";
    private static final String OPENAI = "\"code\":\"insufficient_quota\"";
    private static final String ANTHROPIC = "\"type\":\"billing_error\"";
    private static final String GEMINI = "\"status\":\"RESOURCE_EXHAUSTED\"";

    static Stream<Way> ways() {
        String flash = "/v1beta/models/gemini-3.8-flash";
        String vectors = "'content':{'parts':[{'text':'hi'}]}";
        return Stream.of(
                Way.of(
                        "/v1/generate",
                        "{'class':'fast'," + HI + ",'output':{'max_tokens':64}}",
                        402,
                        UNIFORM),
                Way.of("/v1/generate", "{'class':'fast','stream':true," + HI + "}", 402, UNIFORM),
                Way.of(
                        "/v1/messages",
                        "{" + CLAUDE + ",'max_tokens':64," + HI + "}",
                        402,
                        ANTHROPIC),
                Way.of(
                        "/v1/messages",
                        "{" + GPT + ",'max_tokens':64,'stream':true," + HI + "}",
                        402,
                        ANTHROPIC),
                Way.of("/v1/chat/completions", "{" + GPT + "," + HI + "}", 429, OPENAI),
                Way.of(
                        "/v1/chat/completions",
                        "{" + CLAUDE + ",'stream':true," + HI + "}",
                        429,
                        OPENAI),
                Way.of("/v1/responses", "{" + GPT + ",'input':'hi'}", 429, OPENAI),
                Way.of("/v1/responses", "{'model':'class:fast','input':'hi'}", 429, OPENAI),
                Way.of(flash + ":generateContent", CONTENTS, 429, GEMINI),
                Way.of(flash + ":streamGenerateContent?alt=sse", CONTENTS, 429, GEMINI),
                Way.of(
                        "/v1/embeddings",
                        "{'model':'text-embedding-3-small','input':'hi'}",
                        429,
                        OPENAI),
                Way.of(
                        "/v1beta/models/gemini-embedding-2:embedContent",
                        "{" + vectors + "}",
                        429,
                        GEMINI),
                Way.of(
                        "/anthropic/v1/messages",
                        "{'model':'claude-haiku-4-5','max_tokens':64," + HI + "}",
                        402,
                        ANTHROPIC),
                Way.of(
                        "/openai/v1/chat/completions",
                        "{'model':'gpt-6-luna','max_completion_tokens':64,'stream':true,"
                                + HI
                                + "}",
                        429,
                        OPENAI),
                Way.of("/openai/v1/files", "{'nothing':'known'}", 429, OPENAI),
                Way.of("/gemini/v1beta/cachedContents", "", 429, GEMINI));
    }

    private TestSidecar bed;

    @BeforeEach
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.FOUR + CALLERS);
    }

    @AfterEach
    void stop() throws Exception {
        bed.close();
    }

    private HttpResponse<String> ask(Way way, String caller) throws Exception {
        return bed.post(way.path(), way.body(), "x-pillion-caller", caller);
    }

    private int vendorsHeard() {
        return Stream.of(bed.anthropic, bed.openai, bed.gemini, bed.xai)
                .mapToInt(vendor -> vendor.log().requests().size())
                .sum();
    }

    private JsonNode limit(String caller) throws Exception {
        for (JsonNode row : bed.admin("/limits").path("callers")) {
            if (row.path("caller").asText().equals(caller)) {
                return row;
            }
        }
        throw new AssertionError("no row for " + caller);
    }

    /** What the ledger has on that caller. */
    private BigDecimal booked(String caller) throws Exception {
        for (JsonNode row : bed.admin("/usage?by=caller").path("rows")) {
            if (row.path("caller").asText().equals(caller)) {
                return new BigDecimal(row.path("cost_usd").asText());
            }
        }
        return BigDecimal.ZERO;
    }

    @ParameterizedTest
    @DisplayName("F40: without money nothing is bought, on any path, and the client is told how")
    @MethodSource("ways")
    void withoutMoneyNothingIsBought(Way way) throws Exception {
        HttpResponse<String> answer = ask(way, "broke");
        assertEquals(way.status(), answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(way.says()), answer.body());
        assertTrue(
                answer.body()
                        .contains("caller 'broke' has a budget of 0 USD a day: 0 USD are spent"),
                answer.body());
        assertTrue(answer.body().contains("the budget resets at 20"), answer.body());
        assertEquals("false", answer.headers().firstValue("x-should-retry").orElseThrow());
        assertEquals(0, vendorsHeard());
        assertEquals(1, limit("broke").path("refused").asInt());
        String metrics = bed.get(bed.probe("/metrics")).body();
        assertTrue(
                metrics.lines()
                        .anyMatch(line ->
                                line.startsWith("pillion_limit_rejected_total{")
                                        && line.contains("caller=\"broke\"")
                                        && line.endsWith(" 1")),
                metrics);
    }

    @Test
    void countsAndListsAreFree() throws Exception {
        String counted = ("{" + CLAUDE + "," + HI + "}").replace('\'', '"');
        String[] broke = {"x-pillion-caller", "broke"};
        assertEquals(200, bed.post("/v1/messages/count_tokens", counted, broke).statusCode());
        String body = CONTENTS.replace('\'', '"').replaceAll(",\"generationConfig.*", "}");
        String path = "/v1beta/models/gemini-3.8-flash:countTokens";
        assertEquals(200, bed.post(path, body, broke).statusCode());
        assertEquals(200, bed.get(bed.uri("/v1/models")).statusCode());
        assertEquals("0", limit("broke").path("spent_usd").asText());
        assertEquals(0, limit("broke").path("refused").asInt());
    }

    @ParameterizedTest
    @DisplayName("F40: 200 requests at once spend no more than the budget, where they keep to it")
    @MethodSource("ways")
    void twoHundredAtOnceStayWithinTheBudget(Way way) throws Exception {
        List<Callable<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(() -> ask(way, "thrifty").statusCode());
        }
        int served = 0;
        try (var pool = Executors.newFixedThreadPool(50)) {
            for (var done : pool.invokeAll(all)) {
                int status = done.get();
                boolean refused = status == way.status();
                served += refused ? 0 : 1;
            }
        }
        JsonNode limit = limit("thrifty");
        BigDecimal spent = new BigDecimal(limit.path("spent_usd").asText());
        assertEquals(0, spent.compareTo(booked("thrifty")), limit::toString);
        assertEquals("0", limit.path("reserved_usd").asText());
        assertTrue(spent.compareTo(new BigDecimal("0.03")) <= 0, limit::toString);
        assertEquals(200 - served, limit.path("refused").asInt());
        assertTrue(served > 0, limit::toString);
    }

    @ParameterizedTest
    @DisplayName("F40: whatever happens to a request, what was held back for it is given back")
    @ValueSource(longs = {5, 6})
    void whateverHappensItIsGivenBack(long seed) throws Exception {
        bed.anthropic.faults().arm(new Misbehaviour.Status(500), 1_000, 0.3, "");
        bed.openai.faults().arm(new Misbehaviour.Break(2, Misbehaviour.How.RESET), 1_000, 0.3, "");
        bed.gemini.faults().arm(new Misbehaviour.GarbageJson(), 1_000, 0.3, "");
        List<Way> ways = ways().toList();
        var random = new Random(seed);
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            Way way = ways.get(random.nextInt(ways.size()));
            int heardBytes = 1 + random.nextInt(600);
            all.add(i % 3 == 0 ? () -> leave(way, heardBytes) : () -> hear(way));
        }
        try (var pool = Executors.newFixedThreadPool(20)) {
            for (var done : pool.invokeAll(all)) {
                done.get();
            }
        }
        bed.sidecar.drain();
        var desk = new AdminDesk(bed.sidecar);
        JsonNode limit = desk.limits().path("callers").path(0);
        JsonNode booked = desk.usage("caller", null, null).path("rows").path(0);
        assertEquals("0", limit.path("reserved_usd").asText(), limit::toString);
        assertEquals("someone", booked.path("caller").asText());
        assertEquals(booked.path("cost_usd").asText(), limit.path("spent_usd").asText());
        assertTrue(booked.path("requests").asInt() > 60, booked::toString);
        assertEquals(List.of(), bed.diagnostics);
    }

    /** A raw answer that its vendor cut is cut for the client, too. */
    private @Nullable Void hear(Way way) throws Exception {
        try {
            ask(way, "someone");
        } catch (IOException e) {
            assertTrue(way.path().startsWith("/openai/"), () -> way + ": " + e);
        }
        return null;
    }

    private @Nullable Void leave(Way way, int heardBytes) throws Exception {
        byte[] body = way.body().getBytes(StandardCharsets.UTF_8);
        String head =
                "POST "
                        + way.path()
                        + " HTTP/1.1\r\nhost: localhost\r\nx-pillion-caller: someone\r\n"
                        + "content-type: application/json\r\ncontent-length: "
                        + body.length
                        + "\r\n\r\n";
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), bed.uri("/").getPort())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            assertTrue(socket.getInputStream().read(new byte[heardBytes]) > 0);
        }
        return null;
    }

    @Test
    void whatAPlannerRefusesHoldsNothingBack() throws Exception {
        Way unknown = Way.of("/v1/generate", "{'model':'nobody/nothing'," + HI + "}", 404, "");
        assertEquals(404, ask(unknown, "thrifty").statusCode());
        assertEquals("0", limit("thrifty").path("reserved_usd").asText());
    }

    @Test
    void spendingOutlivesARestartAndAReload() throws Exception {
        Way way = ways().toList().get(2);
        for (int i = 0; i < 3; i++) {
            assertEquals(200, ask(way, "thrifty").statusCode());
            assertEquals(200, ask(way, "newcomer").statusCode());
        }
        String thrifty = limit("thrifty").path("spent_usd").asText();
        String newcomer = limit("default").path("spent_usd").asText();
        assertEquals(thrifty, newcomer);
        assertTrue(new BigDecimal(thrifty).signum() > 0);
        bed.restart();
        assertTrue(bed.admin("/limits").path("restored").asBoolean());
        assertEquals(thrifty, limit("thrifty").path("spent_usd").asText());
        assertEquals(newcomer, limit("default").path("spent_usd").asText());

        String document = Files.readString(bed.configFile());
        Files.writeString(
                bed.configFile(),
                document.replace("0.03}", thrifty + "}\n  newcomer: {budget_usd_per_day: 9}"));
        bed.sidecar.reload();
        assertEquals(402, ask(way, "thrifty").statusCode());
        assertEquals(thrifty, limit("thrifty").path("spent_usd").asText());
        assertEquals(newcomer, limit("newcomer").path("spent_usd").asText());
        assertEquals("9", limit("newcomer").path("budget_usd").asText());
        assertEquals("0", limit("default").path("spent_usd").asText());
        assertEquals(
                List.of(), bed.diagnostics.stream().filter(l -> l.contains("budget")).toList());
    }
}
