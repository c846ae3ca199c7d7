package dev.pillion.sidecar.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the simulated Anthropic says. */
class AnthropicAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WEATHER =
            """
            {"name":"get_weather","input_schema":{"type":"object","required":["city"],
             "properties":{"city":{"type":"string"},"unit":{"enum":["c","f"]}}}}\
            """;

    private final Simulator simulator =
            Simulator.start(Simulator.Options.anthropic("a-key", "another-key"));
    private final VendorClient client = new VendorClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    private static ObjectNode request(String model, String text) throws Exception {
        ObjectNode request = JSON.createObjectNode().put("model", model).put("max_tokens", 2_000);
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }

    private JsonNode ask(ObjectNode request) throws Exception {
        var reply = client.post("/v1/messages", request.toString());
        assertEquals(200, reply.statusCode(), reply.body());
        return JSON.readTree(reply.body());
    }

    private String refused(ObjectNode request) throws Exception {
        var reply = client.post("/v1/messages", request.toString());
        assertEquals(400, reply.statusCode(), reply.body());
        return JSON.readTree(reply.body()).path("error").path("message").asText();
    }

    private static void append(ObjectNode request, String role, JsonNode content) {
        ((ArrayNode) request.path("messages"))
                .addObject()
                .put("role", role)
                .set("content", content);
    }

    private static String types(JsonNode message) {
        var types = new ArrayList<String>();
        message.path("content").forEach(block -> types.add(block.path("type").asText()));
        return String.join(" ", types);
    }

    /** The message that a stream adds up to. */
    private JsonNode streamed(ObjectNode request) throws Exception {
        var body = client.post("/v1/messages", request.put("stream", true).toString()).body();
        request.remove("stream");
        ObjectNode message = null;
        var partial = new StringBuilder();
        for (var event : body.split("\n\n", 0)) {
            var json = JSON.readTree(event.substring(event.indexOf("data: ") + 6));
            switch (json.path("type").asText()) {
                case "message_start" -> message = (ObjectNode) json.path("message");
                case "content_block_start" -> {
                    partial.setLength(0);
                    var content = (ArrayNode) message.path("content");
                    assertEquals(content.size(), json.path("index").asInt());
                    content.add(json.path("content_block"));
                }
                case "content_block_delta" -> {
                    var block =
                            (ObjectNode) message.path("content").get(json.path("index").asInt());
                    fold(block, json.path("delta"), partial);
                }
                case "message_delta" -> {
                    message.setAll((ObjectNode) json.path("delta"));
                    ((ObjectNode) message.path("usage")).setAll((ObjectNode) json.path("usage"));
                }
                default -> {}
            }
        }
        assertTrue(body.endsWith("\n\n") && body.contains("event: message_stop\n"), body);
        return message;
    }

    private static void fold(ObjectNode block, JsonNode delta, StringBuilder partial)
            throws Exception {
        switch (delta.path("type").asText()) {
            case "text_delta" ->
                    block.put("text", block.path("text").asText() + delta.path("text").asText());
            case "thinking_delta" ->
                    block.put(
                            "thinking",
                            block.path("thinking").asText() + delta.path("thinking").asText());
            case "signature_delta" -> block.set("signature", delta.path("signature"));
            case "citations_delta" ->
                    ((ArrayNode) block.path("citations")).add(delta.path("citation"));
            case "input_json_delta" -> {
                partial.append(delta.path("partial_json").asText());
                try {
                    block.set("input", JSON.readTree(partial.toString()));
                } catch (com.fasterxml.jackson.core.JsonProcessingException _) {
                    // Not complete yet.
                }
            }
            default -> throw new IllegalStateException(delta.toString());
        }
    }

    private static String withoutIds(JsonNode node) {
        return node.toString().replaceAll("(msg|toolu|srvtoolu)_[A-Za-z0-9]+", "$1");
    }

    @Test
    void aStreamAddsUpToTheWholeAnswer() throws Exception {
        var plain = request("claude-haiku-4-5", "How tall is the “Säntis” 🏔?");
        var search = request("claude-opus-4-8", "News of Zürich, please");
        search.putArray("tools")
                .addObject()
                .put("type", "web_search_20250305")
                .put("name", "web_search");
        var tool = request("claude-opus-5", "Call get_weather for Oslo");
        tool.set("tools", JSON.readTree("[" + WEATHER + "]"));
        for (var request : List.of(plain, search, tool)) {
            for (var field : List.of("content", "stop_reason")) {
                assertEquals(
                        withoutIds(ask(request).path(field)),
                        withoutIds(streamed(request).path(field)));
            }
            assertEquals(
                    ask(request).path("usage").path("output_tokens"),
                    streamed(request).path("usage").path("output_tokens"));
        }
    }

    @Test
    void aPlainAnswerQuotesTheQuestionAndCountsTokens() throws Exception {
        var message = ask(request("claude-haiku-4-5", "How tall is the Säntis?"));
        assertTrue(message.path("content").path(0).path("text").asText().contains("Säntis"));
        assertEquals("end_turn", message.path("stop_reason").asText());
        assertTrue(message.path("usage").path("input_tokens").asInt() > 3);
        assertTrue(message.path("usage").path("output_tokens").asInt() > 3);
    }

    @Test
    void toolsAreCalledWhenAskedForSeveralAtOnceAndTheirResultsQuoted() throws Exception {
        var request = request("claude-haiku-4-5", "The weather in both Oslo and Rome? get_weather");
        request.set("tools", JSON.readTree("[" + WEATHER + "]"));
        var message = ask(request);
        assertEquals("tool_use tool_use", types(message));
        assertEquals("tool_use", message.path("stop_reason").asText());
        assertEquals("Oslo", message.path("content").path(0).path("input").path("city").asText());
        assertEquals("Rome", message.path("content").path(1).path("input").path("city").asText());
        append(request, "assistant", message.path("content"));
        var results = JSON.createArrayNode();
        for (var call : message.path("content")) {
            results.addObject()
                    .put("type", "tool_result")
                    .put("tool_use_id", call.path("id").asText())
                    .put("content", "sunny in " + call.path("input").path("city").asText());
        }
        append(request, "user", results);
        var answer = ask(request).path("content").path(0).path("text").asText();
        assertTrue(answer.contains("sunny in Oslo") && answer.contains("sunny in Rome"), answer);
        request.putObject("tool_choice").put("type", "none");
        ((ArrayNode) request.path("messages")).remove(2);
        assertTrue(refused(request).contains("were found without `tool_result` blocks"));
    }

    @Test
    void aForcedToolIsCalledOnceWhereParallelCallsAreOff() throws Exception {
        var request = request("claude-haiku-4-5", "both Oslo and Rome");
        request.set("tools", JSON.readTree("[" + WEATHER + "]"));
        request.putObject("tool_choice").put("type", "any").put("disable_parallel_tool_use", true);
        assertEquals("tool_use", types(ask(request)));
        request.putObject("tool_choice").put("type", "none");
        assertEquals("text", types(ask(request)));
    }

    @Test
    void aSchemaIsSatisfied() throws Exception {
        var request = request("claude-sonnet-4-5", "The capital of France is Paris");
        var schema =
                """
                {"format":{"type":"json_schema","schema":{"type":"object",
                "additionalProperties":false,"required":["city","kind","n","at","next"],
                "properties":{"city":{"type":"string"},"kind":{"enum":["capital","town"]},
                "n":{"type":"integer"},"at":{"$ref":"#/$defs/place"},
                "next":{"anyOf":[{"type":"null"},{"type":"string","format":"date"}]}},
                "$defs":{"place":{"type":"object","additionalProperties":false,
                "required":["lat"],"properties":{"lat":{"type":"number"}}}}}}}\
                """;
        request.set("output_config", JSON.readTree(schema));
        var json = JSON.readTree(ask(request).path("content").path(0).path("text").asText());
        assertEquals("capital", json.path("kind").asText());
        assertTrue(json.path("n").isIntegralNumber() && json.path("city").isTextual());
        assertTrue(json.path("at").path("lat").isNumber());
        assertEquals("2026-11-21", json.path("next").asText());
    }

    @Test
    void thinkingComesSignedAndHasToComeBackUnchanged() throws Exception {
        var request = request("claude-sonnet-4-5", "Think about Oslo");
        request.putObject("thinking").put("type", "enabled").put("budget_tokens", 1_024);
        var message = ask(request);
        assertEquals("thinking text", types(message));
        append(request, "assistant", message.path("content"));
        append(request, "user", JSON.readTree("\"And Rome?\""));
        ask(request);
        ((ObjectNode) request.path("messages").path(1).path("content").path(0))
                .put("thinking", "something else");
        assertTrue(refused(request).contains("Invalid `signature`"));
    }

    @Test
    void hiddenThinkingIsBoundToItsPrefixOnTheModelsThatPreserveIt() throws Exception {
        var request = request("claude-fable-5-2", "Think about Oslo");
        var message = ask(request);
        assertEquals("", message.path("content").path(0).path("thinking").asText("none"));
        append(request, "assistant", message.path("content"));
        append(request, "user", JSON.readTree("\"And Rome?\""));
        ask(request);
        request.put("system", "A new system prompt.");
        assertTrue(refused(request).contains("Invalid `signature`"));
    }

    @Test
    void aSearchIsCitedBeyondAsciiAndItsStateHasToComeBackUnchanged() throws Exception {
        var request = request("claude-opus-4-8", "Search for Zürich");
        request.putArray("tools")
                .addObject()
                .put("type", "web_search_20250305")
                .put("name", "web_search");
        var message = ask(request);
        assertTrue(types(message).startsWith("text server_tool_use web_search_tool_result text"));
        assertEquals(
                1,
                message.path("usage").path("server_tool_use").path("web_search_requests").asInt());
        var citation = message.findValue("citations").path(0);
        assertEquals("web_search_result_location", citation.path("type").asText());
        assertTrue(citation.path("cited_text").asText().contains("zählt"));
        append(request, "assistant", message.path("content"));
        append(request, "user", JSON.readTree("\"Thanks\""));
        ask(request);
        var results = request.path("messages").path(1).path("content").path(2).path("content");
        ((ObjectNode) results.path(0)).put("url", "https://elsewhere.example/");
        assertTrue(refused(request).contains("encrypted_content"));
    }

    @Test
    void aPausedTurnIsContinued() throws Exception {
        var request = request("claude-opus-4-8", "SIMULATE_PAUSE_TURN search for Zürich");
        request.putArray("tools")
                .addObject()
                .put("type", "web_search_20250305")
                .put("name", "web_search");
        var paused = ask(request);
        assertEquals("pause_turn", paused.path("stop_reason").asText());
        append(request, "assistant", paused.path("content"));
        var ended = ask(request);
        assertTrue(types(ended).startsWith("web_search_tool_result text"), types(ended));
        assertEquals("end_turn", ended.path("stop_reason").asText());
        append(request, "assistant", ended.path("content"));
        append(request, "user", JSON.readTree("\"Thanks\""));
        ask(request);
    }

    @Test
    void answersEndAtStopSequencesAtTheLimitAndByRefusal() throws Exception {
        var stop = request("claude-haiku-4-5", "one two three");
        stop.putArray("stop_sequences").add("three").add("two");
        var stopped = ask(stop);
        assertEquals("stop_sequence", stopped.path("stop_reason").asText());
        assertEquals("two", stopped.path("stop_sequence").asText());
        assertTrue(stopped.path("content").path(0).path("text").asText().endsWith("one "));
        var cut = ask(request("claude-haiku-4-5", "one two three").put("max_tokens", 4));
        assertEquals("max_tokens", cut.path("stop_reason").asText());
        assertEquals(4, cut.path("usage").path("output_tokens").asInt());
        var thought = ask(request("claude-opus-5", "one two three").put("max_tokens", 20));
        assertEquals("max_tokens", thought.path("stop_reason").asText());
        assertEquals(20, thought.path("usage").path("output_tokens").asInt());
        var refused = ask(request("claude-opus-5", "SIMULATE_REFUSAL"));
        assertEquals("refusal", refused.path("stop_reason").asText());
        assertEquals("refusal", refused.path("stop_details").path("type").asText());
        var empty = ask(request("claude-haiku-4-5", "x").put("max_tokens", 0));
        assertEquals(0, empty.path("content").size());
    }

    @Test
    void aMarkedPrefixIsWrittenOnceAndReadAfterwards() throws Exception {
        var request = request("claude-opus-5", "A question");
        var system = request.putArray("system");
        for (var ttl : List.of("1h", "5m")) {
            system.addObject()
                    .put("type", "text")
                    .put("text", (ttl + " of it ").repeat(600))
                    .putObject("cache_control")
                    .put("type", "ephemeral")
                    .put("ttl", ttl);
        }
        var first = ask(request).path("usage");
        int hour = first.path("cache_creation").path("ephemeral_1h_input_tokens").asInt();
        int minutes = first.path("cache_creation").path("ephemeral_5m_input_tokens").asInt();
        assertTrue(hour > 500 && minutes > 500, first.toString());
        assertEquals(hour + minutes, first.path("cache_creation_input_tokens").asInt());
        var second = ask(request).path("usage");
        assertEquals(hour + minutes, second.path("cache_read_input_tokens").asInt());
        assertEquals(0, second.path("cache_creation_input_tokens").asInt());
        assertEquals(first.path("input_tokens"), second.path("input_tokens"));
    }

    @Test
    void documentsAreCited() throws Exception {
        var request = request("claude-sonnet-4-5", "x");
        var content =
                """
                [{"type":"document","title":"D","citations":{"enabled":true},
                  "source":{"type":"text","media_type":"text/plain","data":"Grüße 🏔 von hier"}},
                 {"type":"text","text":"What does it say?"}]\
                """;
        ((ObjectNode) request.path("messages").path(0)).set("content", JSON.readTree(content));
        var citation = ask(request).findValue("citations").path(0);
        assertEquals("char_location", citation.path("type").asText());
        assertEquals(16, citation.path("end_char_index").asInt());
    }

    @Test
    void keysModelsAndCountsAreServed() throws Exception {
        var counted =
                client.post(
                        "/v1/messages/count_tokens",
                        VendorClient.PLAIN.replace("\"max_tokens\":200,", ""));
        assertTrue(JSON.readTree(counted.body()).path("input_tokens").asInt() > 0, counted.body());
        var models = JSON.readTree(client.send("GET", "/v1/models").body());
        assertTrue(models.path("data").size() > 15);
        assertEquals(404, client.send("GET", "/v1/models/nonesuch").statusCode());
        assertEquals(200, client.send("GET", "/v1/models/claude-opus-5-5").statusCode());
        assertEquals(404, client.send("GET", "/v1/nonesuch").statusCode());
        try (var other = Simulator.start(Simulator.Options.anthropic("only-this"));
                var stranger = new VendorClient(other)) {
            var reply = stranger.post("/v1/messages", VendorClient.PLAIN);
            assertEquals(401, reply.statusCode());
            assertTrue(reply.body().contains("authentication_error"), reply.body());
            assertFalse(reply.headers().firstValue("request-id").isEmpty());
        }
    }

    @Test
    void aSystemPromptThatAsksForAnObjectGetsOne() throws Exception {
        ObjectNode request = request("claude-haiku-5-5", "hi");
        request.put("system", "Answer with one JSON object.");
        JsonNode content = ask(request).path("content");
        String text = content.path(content.size() - 1).path("text").asText();
        assertEquals("hi", JSON.readTree(text).path("answer").asText(), text);
    }
}
