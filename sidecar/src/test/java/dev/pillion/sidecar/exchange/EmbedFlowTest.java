package dev.pillion.sidecar.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors and counts go the same way as answers do. */
class EmbedFlowTest {
    private static final String JSON = "application/json";
    private static final String CONFIG =
            """
            version: 1
            providers:
              openai: {base_url: "http://o.test", keys: [{id: o1, value: key-1, account: one},
                {id: o2, value: key-2, account: two}]}
              house: {speaks: openai, base_url: "http://h.test/v1", keys: [{id: h1, value: key-h}]}
              anthropic: {base_url: "http://a.test", keys: [{id: a1, value: key-a}]}
            models:
              - {id: anthropic/one, class: balanced, can: [tools, stream], context: 200000,
                 max_output: 4096, price: {input: 1, output: 2}}
              - {id: house/two, class: balanced, can: [tools, stream], context: 200000,
                 max_output: 4096, price: {input: 3, output: 4}}
              - {id: house/vectors, can: [embeddings], context: 8192, price: {input: 1, output: 0}}
            aliases: {mine: [openai/text-embedding-3-small, house/vectors]}
            routing: {classes: {balanced: {order: [house/two, anthropic/one]}}}
            """;
    private static final String TWO_VECTORS =
            """
            {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1.25]},\
            {"object":"embedding","index":1,"embedding":[1,2]}],"model":"text-embedding-3-small",\
            "usage":{"prompt_tokens":50,"total_tokens":50},"x":1}\
            """;
    private static final String ONE_VECTOR =
            """
            {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1.25]}],\
            "model":"m","usage":{"prompt_tokens":50,"total_tokens":50}}\
            """;
    private static final String COUNT =
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final FlowBed bed = new FlowBed(CONFIG);

    @AfterEach
    void everythingIsGivenBack() {
        assertEquals(0, bed.budget.heldBytes(), "bytes of the budget");
        bed.close();
    }

    private static String two(String model, String more) {
        return "{\"model\":\"" + model + "\",\"input\":[\"a\",\"b\"]" + more + "}";
    }

    private FakeClient embed(String model, String... headers) {
        return bed.post("/v1/embeddings", two(model, ""), headers);
    }

    @Test
    @DisplayName("F49: vectors pass as the vendor wrote them, with usage and cost from them")
    void vectorsPassThrough() {
        String ask =
                "{ \"input\":[\"a\",\"b\"], \"model\" : \"openai/text-embedding-3-small\", \"y\":[]"
                        + " }";
        FakeClient client = bed.post("/v1/embeddings", ask);
        assertEquals(
                ask.replace("openai/text-embedding", "text-embedding"), bed.vendors.last().body());
        assertEquals("/v1/embeddings", path());
        bed.vendors.last().answers(200, JSON, TWO_VECTORS);
        assertEquals(200, client.status, client.text());
        assertEquals(TWO_VECTORS, client.text());
        assertEquals("openai", client.header("x-pillion-provider"));
        assertEquals("text-embedding-3-small", client.header("x-pillion-model"));
        assertEquals("0.000001", client.header("x-pillion-cost-usd"));
        assertEquals("1", client.header("x-pillion-attempts"));
        assertEquals(0, bed.loop.pending(), "timers that keep the exchange in memory");
        String log = bed.log();
        assertTrue(log.contains("\"surface\":\"embeddings\""), log);
        assertTrue(log.contains("\"input_tokens\":50,"), log);
        assertTrue(log.contains("\"output_tokens\":0,"), log);
        assertTrue(log.contains("\"cost_usd\":\"0.000001\""), log);
        assertTrue(log.contains("\"outcome\":\"ok\""), log);
    }

    private String path() {
        var request = bed.vendors.last().request;
        return request.endpoint().base().getPath() + request.path();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai/text-embedding-3-small", "mine", "text-embedding-3-small"})
    @DisplayName("F22: another key of the same model serves, and never another model")
    void onlyKeysOfTheSameModelServe(String model) {
        FakeClient client = embed(model);
        String first = bed.vendors.last().request.headers().get("authorization");
        bed.vendors.last().answers(401, JSON, "{\"error\":{\"code\":\"invalid_api_key\"}}");
        bed.loop.settle();
        assertEquals(2, bed.vendors.calls.size());
        assertFalse(first.equals(bed.vendors.last().request.headers().get("authorization")), first);
        bed.vendors.last().answers(401, JSON, "{\"error\":{\"code\":\"invalid_api_key\"}}");
        bed.loop.pass(Duration.ofMinutes(1));
        assertEquals(2, bed.vendors.calls.size(), "nobody else may make these vectors");
        assertEquals(503, client.status, client.text());
        assertTrue(client.text().contains("\"error\""), client.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "never"})
    @DisplayName("F42: fewer vectors than inputs fail over, and what they cost is in the books")
    void aShortAnswerIsUpstreamProtocol(String passthrough) {
        FakeClient client =
                embed("openai/text-embedding-3-small", "x-pillion-passthrough", passthrough);
        bed.vendors.last().answers(200, JSON, ONE_VECTOR);
        bed.loop.settle();
        assertEquals(2, bed.vendors.calls.size());
        bed.vendors.last().answers(200, JSON, TWO_VECTORS);
        assertEquals(200, client.status, client.text());
        assertEquals("2", client.header("x-pillion-attempts"));
        assertEquals("0.000002", client.header("x-pillion-cost-usd"));
        assertTrue(bed.log().contains("\"outcome\":\"upstream_protocol\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "",
                "[]",
                "{}",
                "{\"data\":[]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":7,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0},{\"index\":1}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1]}]"
            })
    @DisplayName("F4: nonsense in a 200 is upstream_protocol, whoever looks at the vectors")
    void nonsenseIsUpstreamProtocol(String body) {
        for (String passthrough : new String[] {"auto", "never"}) {
            FakeClient client =
                    embed(
                            "house/vectors",
                            "x-pillion-passthrough",
                            passthrough,
                            "x-pillion-failover",
                            "off");
            bed.vendors.last().answers(200, JSON, body);
            bed.loop.settle();
            assertEquals(502, client.status, client.text());
        }
    }

    @Test
    @DisplayName("F13: an error inside a 200 fails over")
    void anErrorInsideASuccessFailsOver() {
        FakeClient client = embed("openai/text-embedding-3-small");
        bed.vendors.last().answers(200, JSON, "{\"error\":{\"code\":\"insufficient_quota\"}}");
        bed.loop.settle();
        bed.vendors.last().answers(200, JSON, TWO_VECTORS);
        assertEquals(200, client.status, client.text());
        assertTrue(bed.log().contains("\"outcome\":\"quota_exhausted\""));
    }

    @Test
    void theEncodingAskedForIsTheOneThatComes() {
        String ask = two("house/vectors", ",\"encoding_format\":\"base64\"");
        FakeClient client = bed.post("/v1/embeddings", ask, "x-pillion-passthrough", "never");
        bed.vendors.last().answers(200, JSON, TWO_VECTORS);
        assertTrue(client.text().contains("\"embedding\":\"AAAAPwAAoL8=\""), client.text());
        ask = two("house/vectors", "");
        client = bed.post("/v1/embeddings", ask, "x-pillion-passthrough", "never");
        bed.vendors.last().answers(200, JSON, TWO_VECTORS);
        assertTrue(client.text().contains("\"embedding\":[0.5,-1.25]"), client.text());
    }

    @Test
    @DisplayName("F37: where the vendor gives no usage it is estimated, and marked")
    void usageIsEstimatedWhereNoneComes() {
        FakeClient client = embed("house/vectors");
        bed.vendors.last().answers(200, JSON, TWO_VECTORS.replace("usage", "other"));
        assertEquals("0.000002", client.header("x-pillion-cost-usd"));
        String log = bed.log();
        assertTrue(log.contains("\"input_tokens\":2,"), log);
        assertTrue(log.contains("\"estimated\":true"), log);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"input\":\"a\"} | /model: missing (expected: a string) | model",
                "{\"model\":\"mine\"} | /input: missing | input",
                "{\"model\":\"mine\",\"input\":[]} | /input: empty | input",
                "{\"model\":\"mine\",\"input\":[1,\"a\"]} | /input/1: a string | input[1]",
                "{\"model\":\"mine\",\"input\":[[1,-2]]} | /input/0/1: -2 | input[0][1]",
                "{\"model\":\"mine\",\"input\":[{}]} | /input/0: an object | input[0]",
                "{\"model\":\"mine\",\"input\":\"a\",\"dimensions\":0} | /dimensions: 0 |"
                        + " dimensions"
            })
    @DisplayName("F54: bad input is told by place, in the surface's shape")
    void badInputIsToldByPlace(String body, String message, String param) {
        FakeClient client = bed.post("/v1/embeddings", body);
        assertEquals(400, client.status);
        assertTrue(client.text().contains(message), client.text());
        assertTrue(client.text().contains("\"param\":\"" + param + "\""), client.text());
        assertEquals(0, bed.vendors.calls.size());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/embeddings, anthropic/one, can't do embeddings",
        "/v1/embeddings, class:balanced, can't do embeddings",
        "/v1/chat/completions, house/vectors, 'makes embeddings, and no answers'",
        "/v1/messages/count_tokens, house/two, its provider counts no tokens"
    })
    void aModelThatCantIsRefusedWithItsReason(String path, String model, String reason) {
        String body = path.equals("/v1/embeddings") ? two(model, "") : COUNT.formatted(model);
        FakeClient client = bed.post(path, body);
        assertEquals(400, client.status, client.text());
        assertTrue(client.text().contains(reason), client.text());
        assertEquals(0, bed.vendors.calls.size());
    }

    @Test
    @DisplayName("F40: a ceiling on cost holds for vectors, whose answer costs nothing")
    void aCeilingHolds() {
        FakeClient client = embed("house/vectors", "x-pillion-max-cost-usd", "0.000001");
        assertEquals(429, client.status, client.text());
        assertTrue(client.text().contains("over the cost ceiling"), client.text());
        client = embed("house/vectors", "x-pillion-max-cost-usd", "0.0001");
        bed.vendors.last().answers(200, JSON, TWO_VECTORS);
        assertEquals(200, client.status, client.text());
    }

    @Test
    void aCountIsFreeAndComesOfTheFirstThatCounts() {
        FakeClient client =
                bed.post("/v1/messages/count_tokens", COUNT.formatted("class:balanced"));
        assertEquals("http://a.test", bed.vendors.last().request.endpoint().base().toString());
        assertEquals("/v1/messages/count_tokens", bed.vendors.last().request.path());
        assertFalse(bed.vendors.last().body().contains("max_tokens"), bed.vendors.last().body());
        bed.vendors.last().answers(200, JSON, "{\"input_tokens\":8}");
        assertEquals(200, client.status, client.text());
        assertEquals("{\"input_tokens\":8}", client.text());
        assertEquals("0", client.header("x-pillion-cost-usd"));
        assertEquals("one", client.header("x-pillion-model"));
        String log = bed.log();
        assertTrue(log.contains("\"surface\":\"count_tokens\""), log);
        assertTrue(log.contains("\"input_tokens\":0,"), log);
        assertTrue(log.contains("\"cost_usd\":\"0\""), log);
    }

    @Test
    @DisplayName("F18: a count that the vendor refuses is told in the surface's shape")
    void aRefusedCountIsTold() {
        FakeClient client = bed.post("/v1/messages/count_tokens", COUNT.formatted("one"));
        bed.vendors
                .last()
                .answers(
                        400,
                        JSON,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                                + "\"message\":\"no\"}}");
        assertEquals(400, client.status);
        assertTrue(client.text().startsWith("{\"type\":\"error\""), client.text());
        assertEquals(1, bed.vendors.calls.size());
    }

    /** An answer with vectors so long that it is read off the loop. */
    private static String large() {
        String vector = "0.25," + "-1.5,".repeat(300_000) + "1";
        return TWO_VECTORS.replace("[0.5,-1.25]", "[" + vector + "]");
    }

    @Test
    @DisplayName("F6: an answer that does not fit is refused, and its room is given back")
    void anAnswerThatDoesNotFitIsRefused() {
        FakeClient client = embed("house/vectors");
        bed.vendors.last().answers(200, JSON, large());
        bed.loop.settle();
        assertEquals(503, client.status, client.text());
        assertTrue(client.text().contains("does not fit"), client.text());
        assertTrue(bed.vendors.last().cancelled);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "never"})
    @DisplayName("F6: a large answer is read off the loop, and goes on there once it is")
    void aLargeAnswerIsReadOffTheLoop(String passthrough) {
        List<Runnable> elsewhere = new ArrayList<>();
        try (var roomy = new FlowBed(CONFIG, 16 << 20, elsewhere::add)) {
            FakeClient client =
                    roomy.post(
                            "/v1/embeddings",
                            two("house/vectors", ""),
                            "x-pillion-passthrough",
                            passthrough);
            roomy.vendors.last().answers(200, JSON, large());
            roomy.loop.settle();
            assertEquals(0, client.status);
            assertEquals(1, elsewhere.size());
            elsewhere.getFirst().run();
            roomy.loop.settle();
            assertEquals(200, client.status);
            assertTrue(client.text().contains("0.25,-1.5,-1.5"), "numbers of the vector");
            assertEquals(0, roomy.budget.heldBytes());
            assertEquals(0, roomy.loop.pending());
        }
    }

    @Test
    @DisplayName("F5 F7: a client that leaves while its answer is read elsewhere harms nothing")
    void aClientMayLeaveWhileItsAnswerIsRead() {
        List<Runnable> elsewhere = new ArrayList<>();
        try (var roomy = new FlowBed(CONFIG, 16 << 20, elsewhere::add)) {
            FakeClient client = roomy.post("/v1/embeddings", two("house/vectors", ""));
            roomy.vendors.last().answers(200, JSON, large());
            client.leaves();
            elsewhere.getFirst().run();
            roomy.loop.settle();
            assertEquals(0, client.status);
            assertEquals(0, roomy.budget.heldBytes());
            assertEquals(0, roomy.loop.pending());
            assertTrue(roomy.log().contains("\"outcome\":\"cancelled\""));
        }
    }

    @Test
    @DisplayName("F23: a deadline holds while the answer is read elsewhere")
    void aDeadlineHoldsWhileTheAnswerIsRead() {
        List<Runnable> elsewhere = new ArrayList<>();
        try (var roomy = new FlowBed(CONFIG, 16 << 20, elsewhere::add)) {
            FakeClient client =
                    roomy.post(
                            "/v1/embeddings",
                            two("house/vectors", ""),
                            "x-pillion-deadline-ms",
                            "1000");
            roomy.vendors.last().answers(200, JSON, large());
            roomy.loop.pass(Duration.ofSeconds(2));
            assertEquals(504, client.status);
            elsewhere.getFirst().run();
            roomy.loop.settle();
            assertEquals(0, roomy.budget.heldBytes());
        }
    }

    @Test
    @DisplayName("F7: a client that leaves cancels the vendor's call")
    void aClientThatLeavesCancels() {
        FakeClient client = embed("house/vectors");
        client.leaves();
        assertTrue(bed.vendors.last().cancelled);
        assertTrue(bed.log().contains("\"outcome\":\"cancelled\""));
    }
}
