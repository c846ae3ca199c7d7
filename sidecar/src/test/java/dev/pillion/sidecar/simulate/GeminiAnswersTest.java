package dev.pillion.sidecar.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.Misbehaviour.Break;
import dev.pillion.sidecar.simulate.Misbehaviour.How;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the simulated Gemini says. */
class GeminiAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WEATHER =
            """
            [{"functionDeclarations":[{"name":"get_weather","parameters":{"type":"OBJECT",
            "required":["city"],"properties":{"city":{"type":"STRING"}}}}]}]\
            """;

    private final Simulator simulator = Simulator.start(Simulator.Options.gemini("a-key"));
    private final VendorClient client = new VendorClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    private static String path(String model, String method) {
        return "/v1beta/models/" + model + ":" + method;
    }

    private static ObjectNode request(String text) {
        ObjectNode request = JSON.createObjectNode();
        var content = request.putArray("contents").addObject().put("role", "user");
        content.putArray("parts").addObject().put("text", text);
        return request;
    }

    private JsonNode ask(String model, ObjectNode request) throws Exception {
        var reply = client.post(path(model, "generateContent"), request.toString());
        assertEquals(200, reply.statusCode(), reply.body());
        return JSON.readTree(reply.body());
    }

    private String stream(String model, ObjectNode request) throws Exception {
        var path = path(model, "streamGenerateContent?alt=sse");
        var reply = client.post(path, request.toString());
        assertEquals(200, reply.statusCode(), reply.body());
        assertEquals("text/event-stream", reply.headers().firstValue("content-type").orElse(""));
        return reply.body();
    }

    private List<JsonNode> chunks(String model, ObjectNode request) throws Exception {
        var body = stream(model, request);
        assertTrue(body.endsWith("\r\n\r\n"), body);
        var chunks = new ArrayList<JsonNode>();
        for (var event : body.split("\r\n\r\n", 0)) {
            assertTrue(event.startsWith("data: {"), event);
            chunks.add(JSON.readTree(event.substring("data: ".length())));
        }
        return chunks;
    }

    private static String texts(Iterable<JsonNode> answers, boolean thought) {
        var text = new StringBuilder();
        for (var answer : answers) {
            for (var part : answer.at("/candidates/0/content/parts")) {
                if (part.path("thought").asBoolean() == thought) {
                    text.append(part.path("text").asText());
                }
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini-4-argon", "gemini-3.5-flash", "gemini-2.5-flash"})
    void aStreamAddsUpToTheWholeAnswer(String model) throws Exception {
        var request = request("How tall is the “Säntis” 🏔, and how far is it to 東京?");
        request.putObject("generationConfig")
                .putObject("thinkingConfig")
                .put("includeThoughts", true);
        var whole = ask(model, request);
        var chunks = chunks(model, request);
        assertEquals(texts(List.of(whole), false), texts(chunks, false));
        assertEquals(texts(List.of(whole), true), texts(chunks, true));
        assertFalse(texts(chunks, true).isEmpty());
        assertEquals(whole.get("usageMetadata"), chunks.getLast().get("usageMetadata"));
        assertEquals(
                1, chunks.stream().filter(c -> c.at("/candidates/0").has("finishReason")).count());
        assertFalse(chunks.getFirst().path("usageMetadata").has("candidatesTokenCount"));
        for (var chunk : chunks) {
            assertEquals(model, chunk.path("modelVersion").asText());
            assertEquals(chunks.getFirst().get("responseId"), chunk.get("responseId"));
        }
    }

    @Test
    void aSignatureOfTextComesLastInAStreamWithAnEmptyText() throws Exception {
        var request = request("Hello there");
        var last = chunks("gemini-3.5-flash", request).getLast().at("/candidates/0");
        assertEquals("", last.at("/content/parts/0/text").asText("none"));
        assertTrue(last.at("/content/parts/0").has("thoughtSignature"));
        assertEquals("STOP", last.path("finishReason").asText());
        var contents = (ArrayNode) request.get("contents");
        contents.addObject().put("role", "model").set("parts", last.at("/content/parts"));
        contents.addObject().putArray("parts").addObject().put("text", "And?");
        assertEquals(
                "STOP", ask("gemini-3.5-flash", request).at("/candidates/0/finishReason").asText());
    }

    @Test
    void functionsAreCalledEachInAChunkAndTheirResultsQuoted() throws Exception {
        var request = request("get_weather in both Oslo and Rome");
        request.set("tools", JSON.readTree(WEATHER));
        var contents = (ArrayNode) request.get("contents");
        var said = contents.addObject().put("role", "model").putArray("parts");
        for (var chunk : chunks("gemini-3.5-flash", request.deepCopy().without("x"))) {
            var part = chunk.at("/candidates/0/content/parts/0");
            if (part.has("functionCall")) {
                said.add(part);
            }
        }
        assertEquals("Oslo", said.at("/0/functionCall/args/city").asText());
        assertEquals("Rome", said.at("/1/functionCall/args/city").asText());
        assertTrue(said.get(0).has("thoughtSignature") && !said.get(1).has("thoughtSignature"));
        var results = contents.addObject().put("role", "user").putArray("parts");
        for (var call : said) {
            var result = results.addObject().putObject("functionResponse");
            result.put("name", "get_weather").set("id", call.at("/functionCall/id"));
            result.putObject("response").put("output", "21° in " + call.at("/functionCall/args"));
        }
        assertTrue(texts(List.of(ask("gemini-3.5-flash", request)), false).contains("21° in"));
        results.remove(1);
        var reply = client.post(path("gemini-3.5-flash", "generateContent"), request.toString());
        assertEquals(400, reply.statusCode());
        assertTrue(reply.body().contains("number of function response parts"), reply.body());
    }

    @Test
    void withoutSseAStreamIsOneJsonArray() throws Exception {
        var path = path("gemini-3.5-flash", "streamGenerateContent");
        var reply = client.post(path, request("Hello").toString());
        var elements = JSON.readTree(reply.body());
        assertTrue(elements.isArray() && elements.size() > 1, reply.body());
        assertTrue(texts(elements, false).contains("Hello"));
        var refused = client.post(path, "{}");
        assertEquals(400, refused.statusCode());
        assertEquals(400, JSON.readTree(refused.body()).at("/0/error/code").asInt());
    }

    @Test
    void usageAddsUp() throws Exception {
        var request = request("Python code please, and see https://a.example/b");
        request.putArray("tools").addObject().putObject("codeExecution");
        ((ArrayNode) request.get("tools")).addObject().putObject("urlContext");
        var whole = ask("gemini-3.5-flash", request);
        var usage = whole.path("usageMetadata");
        int sum = 0;
        for (var part : List.of("prompt", "candidates", "thoughts", "toolUsePrompt")) {
            assertTrue(usage.path(part + "TokenCount").asInt() > 0, part);
            sum += usage.path(part + "TokenCount").asInt();
        }
        assertEquals(usage.path("totalTokenCount").asInt(), sum);
        var candidate = whole.at("/candidates/0");
        assertTrue(candidate.at("/content/parts/0").has("executableCode"));
        assertEquals("45\n", candidate.at("/content/parts/1/codeExecutionResult/output").asText());
        assertEquals(
                "URL_RETRIEVAL_STATUS_SUCCESS",
                candidate.at("/urlContextMetadata/urlMetadata/0/urlRetrievalStatus").asText());
        assertEquals(whole.at("/candidates/0/content").size(), 2);
    }

    @Test
    void aRepeatedPrefixIsReadFromTheCache() throws Exception {
        var request = request("a long story ".repeat(1_600));
        ask("gemini-3.5-flash", request);
        ((ArrayNode) request.get("contents"))
                .addObject()
                .putArray("parts")
                .addObject()
                .put("text", "x");
        var usage = ask("gemini-3.5-flash", request).path("usageMetadata");
        int cached = usage.path("cachedContentTokenCount").asInt();
        assertTrue(cached >= 4_096 && cached < usage.path("promptTokenCount").asInt());
        assertEquals(cached, usage.at("/cacheTokensDetails/0/tokenCount").asInt());
    }

    @Test
    void groundingCountsBytesAndLeavesOutAStartOfZero() throws Exception {
        var request = request("Zürich?");
        request.putArray("tools").addObject().putObject("googleSearch");
        for (var answers :
                List.of(
                        List.of(ask("gemini-3.5-flash", request)),
                        chunks("gemini-3.5-flash", request))) {
            var bytes = texts(answers, false).getBytes(StandardCharsets.UTF_8);
            var grounding = answers.getLast().at("/candidates/0/groundingMetadata");
            assertFalse(grounding.at("/groundingSupports/0/segment").has("startIndex"));
            for (var support : grounding.path("groundingSupports")) {
                var segment = support.path("segment");
                int start = segment.path("startIndex").asInt(0);
                var cut = Arrays.copyOfRange(bytes, start, segment.path("endIndex").asInt());
                assertEquals(
                        segment.path("text").asText(), new String(cut, StandardCharsets.UTF_8));
            }
            assertEquals(2, grounding.path("groundingChunks").size());
            assertEquals("Zürich?", grounding.at("/webSearchQueries/0").asText());
        }
    }

    @Test
    void aSearchBesideFunctionsShowsItsCallsSigned() throws Exception {
        var request = request("What is new in Zürich?");
        var tools = request.putArray("tools");
        tools.addObject().putObject("googleSearch");
        tools.addAll((ArrayNode) JSON.readTree(WEATHER));
        request.putObject("toolConfig").put("includeServerSideToolInvocations", true);
        var content = ask("gemini-3.5-flash", request).at("/candidates/0/content");
        assertEquals("GOOGLE_SEARCH_WEB", content.at("/parts/0/toolCall/toolType").asText());
        assertTrue(content.at("/parts/1").has("toolResponse"));
        assertTrue(content.at("/parts/0").has("thoughtSignature"));
        var contents = (ArrayNode) request.get("contents");
        contents.add(content);
        contents.addObject().putArray("parts").addObject().put("text", "And?");
        ask("gemini-3.5-flash", request);
        ((ObjectNode) content.at("/parts/0/toolCall")).put("id", "other");
        var reply = client.post(path("gemini-3.5-flash", "generateContent"), request.toString());
        assertEquals(400, reply.statusCode(), reply.body());
    }

    @Test
    void answersFollowTheirSchema() throws Exception {
        var request = request("Oslo");
        var config = request.putObject("generationConfig");
        config.put("responseMimeType", "application/json");
        var schema =
                "{\"type\":\"OBJECT\",\"properties\":{\"n\":{\"type\":\"INTEGER\",\"minimum\":5}}}";
        config.set("responseSchema", JSON.readTree(schema));
        var old = texts(List.of(ask("gemini-2.5-flash", request)), false);
        assertEquals(5, JSON.readTree(old).path("n").asInt());
        config.remove("responseSchema");
        config.set("responseJsonSchema", JSON.readTree(schema.toLowerCase(java.util.Locale.ROOT)));
        var fresh = texts(List.of(ask("gemini-4-hydrogen", request)), false);
        assertEquals(5, JSON.readTree(fresh).path("n").asInt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SAFETY",
                "RECITATION",
                "MALFORMED_FUNCTION_CALL",
                "OTHER",
                "SPII",
                "PROHIBITED_CONTENT",
                "LANGUAGE"
            })
    void answersAreStoppedForEveryReason(String reason) throws Exception {
        var request = request("SIMULATE_FINISH_" + reason);
        var pointer = "/candidates/0/finishReason";
        assertEquals(reason, ask("gemini-3.5-flash", request).at(pointer).asText());
        assertEquals(reason, chunks("gemini-3.5-flash", request).getLast().at(pointer).asText());
    }

    @Test
    void promptsAreBlockedWithoutACandidate() throws Exception {
        var request = request("SIMULATE_BLOCK_SAFETY");
        for (var answer :
                List.of(
                        ask("gemini-3.5-flash", request),
                        chunks("gemini-3.5-flash", request).getFirst())) {
            assertEquals("SAFETY", answer.at("/promptFeedback/blockReason").asText());
            assertFalse(answer.has("candidates"));
            assertTrue(answer.at("/usageMetadata/promptTokenCount").asInt() > 0);
        }
    }

    @Test
    void answersEndByStopAndByLengthEvenBeforeTheirFirstWord() throws Exception {
        var stop = request("one two three");
        stop.putObject("generationConfig").putArray("stopSequences").add("two");
        assertTrue(texts(List.of(ask("gemini-2.0-flash", stop)), false).endsWith("one "));
        var cut = request("one two three");
        cut.putObject("generationConfig").put("maxOutputTokens", 100);
        var answer = ask("gemini-3.5-flash", cut);
        assertEquals("MAX_TOKENS", answer.at("/candidates/0/finishReason").asText());
        assertTrue(answer.at("/candidates/0").has("content"));
        ((ObjectNode) cut.get("generationConfig")).put("maxOutputTokens", 20);
        answer = ask("gemini-3.5-flash", cut);
        assertEquals("MAX_TOKENS", answer.at("/candidates/0/finishReason").asText());
        assertFalse(answer.at("/candidates/0").has("content"));
        assertEquals(20, answer.at("/usageMetadata/thoughtsTokenCount").asInt());
    }

    @Test
    void tokensAreCountedInBothForms() throws Exception {
        var plain = request("How many tokens are these?");
        var path = path("gemini-3.5-flash", "countTokens");
        int tokens =
                JSON.readTree(client.post(path, plain.toString()).body())
                        .path("totalTokens")
                        .asInt();
        assertTrue(tokens > 0);
        var full = JSON.createObjectNode();
        plain.put("model", "models/gemini-3.5-flash").set("tools", JSON.readTree(WEATHER));
        full.set("generateContentRequest", plain);
        var counted = JSON.readTree(client.post(path, full.toString()).body());
        assertTrue(counted.path("totalTokens").asInt() > tokens);
        assertEquals(
                counted.path("totalTokens").asInt(),
                counted.at("/promptTokensDetails/0/tokenCount").asInt());
    }

    @Test
    void textsBecomeVectorsOneByOneAndTogether() throws Exception {
        var one =
                "{\"model\":\"models/gemini-embedding-001\",\"content\":{\"parts\":[{\"text\":\"Ruby\"}]}}";
        var single = client.post(path("gemini-embedding-001", "embedContent"), one).body();
        var values = JSON.readTree(single).at("/embedding/values");
        assertEquals(3_072, values.size());
        double square = 0;
        for (var value : values) {
            square += value.asDouble() * value.asDouble();
        }
        assertEquals(1, square, 1e-4);
        var short256 = one.replace("\"content\"", "\"outputDimensionality\":256,\"content\"");
        var batch = "{\"requests\":[" + one + "," + short256 + "]}";
        var together =
                JSON.readTree(
                        client.post(path("gemini-embedding-001", "batchEmbedContents"), batch)
                                .body());
        assertEquals(values, together.at("/embeddings/0/values"));
        assertEquals(256, together.at("/embeddings/1/values").size());
        assertFalse(together.has("usageMetadata"));
        var other = batch.replace("embedding-001", "embedding-2");
        var counted =
                JSON.readTree(
                        client.post(path("gemini-embedding-2", "batchEmbedContents"), other)
                                .body());
        assertTrue(counted.at("/usageMetadata/promptTokenCount").asInt() > 0);
        var wrong = client.post(path("gemini-embedding-2", "batchEmbedContents"), batch);
        assertEquals(400, wrong.statusCode());
    }

    @Test
    void aBadKeyIsA400AndNoKeyA403() throws Exception {
        try (var other = Simulator.start(Simulator.Options.gemini("only-this"));
                var stranger = new VendorClient(other)) {
            var path = path("gemini-3.5-flash", "generateContent?key=wrong");
            var reply = stranger.post(path, request("x").toString());
            assertEquals(400, reply.statusCode());
            var error = JSON.readTree(reply.body()).path("error");
            assertEquals("INVALID_ARGUMENT", error.path("status").asText());
            assertEquals("API_KEY_INVALID", error.at("/details/0/reason").asText());
            assertEquals(
                    401,
                    stranger.post(path("gemini-3.5-flash", "generateContent"), "{}").statusCode());
        }
    }

    @Test
    void aQuotaSaysInItsBodyWhenToComeBack() throws Exception {
        var wait = Duration.ofMillis(12_400);
        for (var hint : RetryHint.values()) {
            simulator.faults().next(new Misbehaviour.Status(429, hint, wait, false));
            var reply = client.post(path("gemini-3.5-flash", "generateContent"), "{}");
            var error = JSON.readTree(reply.body()).path("error");
            assertEquals("RESOURCE_EXHAUSTED", error.path("status").asText());
            assertTrue(error.at("/details/1/violations/0/quotaId").asText().contains("PerMinute"));
            assertEquals(
                    hint == RetryHint.RESET ? "12.400s" : "",
                    error.at("/details/2/retryDelay").asText());
            assertEquals(
                    hint == RetryHint.SECONDS ? "12" : "",
                    hint == RetryHint.HTTP_DATE
                            ? ""
                            : reply.headers().firstValue("retry-after").orElse(""));
        }
    }

    @Test
    void aStreamBreaksOffWithAnErrorOrWithoutAnEnd() throws Exception {
        var request = request("Hello there, how are you?");
        simulator.faults().next(new Misbehaviour.ErrorEvent(1, 503));
        var broken = stream("gemini-3.5-flash", request);
        assertTrue(broken.contains("data: {\"error\":{\"code\":503,"), broken);
        assertFalse(broken.contains("finishReason"), broken);
        simulator.faults().next(new Break(Integer.MAX_VALUE, How.END));
        assertFalse(stream("gemini-3.5-flash", request).contains("finishReason"));
        simulator.faults().next(new Break(Integer.MAX_VALUE, How.END));
        var list =
                client.post(path("gemini-3.5-flash", "streamGenerateContent"), request.toString());
        assertTrue(list.body().startsWith("[{") && !list.body().endsWith("]"), list.body());
    }

    @Test
    void modelsAreListedByVersionAndUnknownOnesAreNotFound() throws Exception {
        var beta = JSON.readTree(client.send("GET", "/v1beta/models").body()).path("models");
        var stable = JSON.readTree(client.send("GET", "/v1/models").body()).path("models");
        assertTrue(beta.size() > stable.size());
        var one = JSON.readTree(client.send("GET", "/v1/models/gemini-4-argon").body());
        assertEquals("generateContent", one.at("/supportedGenerationMethods/0").asText());
        var path = path("gemini-nonesuch", "streamGenerateContent?alt=sse");
        var reply = client.post(path, request("x").toString());
        assertEquals(404, reply.statusCode());
        assertEquals("NOT_FOUND", JSON.readTree(reply.body()).at("/error/status").asText());
        assertEquals("text/event-stream", reply.headers().firstValue("content-type").orElse(""));
    }
}
