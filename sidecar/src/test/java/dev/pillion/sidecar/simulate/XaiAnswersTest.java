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

/** What the simulated xAI says on both of its APIs. */
class XaiAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHAT = "/v1/chat/completions";
    private static final String RESPONSES = "/v1/responses";
    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String PARAMETERS =
            """
            "parameters":{"type":"object","required":["city"],
            "properties":{"city":{"type":"string"}}}\
            """;
    private static final String CHAT_TOOLS =
            "[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"," + PARAMETERS + "}}]";
    private static final String FLAT_TOOLS =
            "[{\"type\":\"function\",\"name\":\"get_weather\"," + PARAMETERS + "}]";

    private final Simulator simulator = Simulator.start(Simulator.Options.xai("a-key"));
    private final VendorClient client = new VendorClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    private static ObjectNode chat(String model, String text) {
        ObjectNode request = JSON.createObjectNode().put("model", model);
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }

    private static ObjectNode response(String model, String text) {
        ObjectNode request = JSON.createObjectNode().put("model", model);
        request.putArray("input").addObject().put("role", "user").put("content", text);
        return request;
    }

    private static ObjectNode with(ObjectNode request, String field, String json) throws Exception {
        return request.set(field, JSON.readTree(json));
    }

    private JsonNode ask(String path, ObjectNode request, int status) throws Exception {
        var reply = client.post(path, request.toString());
        assertEquals(status, reply.statusCode(), reply.body());
        return JSON.readTree(reply.body());
    }

    private List<JsonNode> chunks(ObjectNode request) throws Exception {
        var body = client.post(CHAT, request.deepCopy().put("stream", true).toString()).body();
        assertTrue(body.endsWith("data: [DONE]\n\n"), body);
        var chunks = new ArrayList<JsonNode>();
        for (var line : body.split("\n\n", 0)) {
            if (!line.endsWith("[DONE]")) {
                chunks.add(JSON.readTree(line.substring("data: ".length())));
            }
        }
        return chunks;
    }

    private ResponsesStream stream(ObjectNode request) throws Exception {
        return ResponsesStream.of(
                client.post(RESPONSES, request.deepCopy().put("stream", true).toString()).body());
    }

    @Test
    void reasoningStandsOutsideTheCompletionOnChatAndInsideOnResponses() throws Exception {
        var usage = ask(CHAT, chat("grok-4.5", "Hello"), 200).path("usage");
        int reasoning = usage.at("/completion_tokens_details/reasoning_tokens").asInt();
        assertEquals(64, reasoning);
        assertEquals(
                usage.path("prompt_tokens").asInt()
                        + usage.path("completion_tokens").asInt()
                        + reasoning,
                usage.path("total_tokens").asInt());
        var inside = ask(RESPONSES, response("grok-4.5", "Hello"), 200).path("usage");
        assertTrue(inside.path("output_tokens").asInt() > reasoning);
        assertEquals(
                inside.path("input_tokens").asInt() + inside.path("output_tokens").asInt(),
                inside.path("total_tokens").asInt());
    }

    @Test
    void theBillComesFromThePriceListAndDoublesForLongPrompts() throws Exception {
        var usage = ask(CHAT, chat("grok-4.3", "Hello"), 200).path("usage");
        long prompt = usage.path("prompt_tokens").asLong();
        long made = usage.path("total_tokens").asLong() - prompt;
        // 1.25 and 2.50 USD a million tokens; 10,000,000,000 ticks a USD.
        assertEquals(prompt * 12_500 + made * 25_000, usage.path("cost_in_usd_ticks").asLong());
        var words = "a long story ".repeat(70_000);
        var dear = ask(CHAT, chat("grok-4.3", words), 200).path("usage");
        prompt = dear.path("prompt_tokens").asLong();
        made = dear.path("total_tokens").asLong() - prompt;
        assertTrue(prompt > 200_000);
        assertEquals(
                2 * (prompt * 12_500 + made * 25_000), dear.path("cost_in_usd_ticks").asLong());
    }

    @Test
    void callsComeWholeInOneDeltaAndWithEmptyContent() throws Exception {
        var request =
                with(chat("grok-4.5", "get_weather in both Oslo and Rome"), "tools", CHAT_TOOLS);
        var message = ask(CHAT, request, 200).path("choices").path(0).path("message");
        assertEquals("", message.path("content").asText("null"));
        assertEquals(2, message.path("tool_calls").size());
        var chunks = chunks(request);
        assertEquals(3, chunks.size());
        var call = chunks.get(1).at("/choices/0/delta/tool_calls/0");
        assertEquals(1, call.path("index").asInt());
        assertEquals("{\"city\":\"Rome\"}", call.at("/function/arguments").asText());
        assertFalse(chunks.get(0).path("choices").path(0).has("finish_reason"));
        assertFalse(chunks.get(0).path("choices").path(0).has("logprobs"));
        assertEquals("tool_calls", chunks.get(2).at("/choices/0/finish_reason").asText());
        var messages = (ArrayNode) request.path("messages");
        messages.add(message);
        for (var made : message.path("tool_calls")) {
            messages.addObject()
                    .put("role", "tool")
                    .put("tool_call_id", made.path("id").asText())
                    .put("content", "sunny in Rome");
        }
        assertTrue(
                ask(CHAT, request, 200).at("/choices/0/message/content").asText().contains("Rome"));
        messages.remove(3);
        ask(CHAT, request, 400);
    }

    @Test
    void idsAreBareAndTheFirstChunkHasRoleAndContent() throws Exception {
        var id = ask(CHAT, chat("grok-4.5", "Hello"), 200).path("id").asText();
        assertTrue(id.matches(UUID), id);
        var response = ask(RESPONSES, response("grok-4.5", "Hello"), 200);
        assertTrue(response.path("id").asText().matches(UUID));
        assertEquals("rs_" + response.path("id").asText(), response.at("/output/0/id").asText());
        var first = chunks(chat("grok-4.5", "Hello")).getFirst().at("/choices/0/delta");
        assertTrue(first.has("role") && !first.path("content").asText().isEmpty());
    }

    @Test
    void aStreamOfResponsesAddsUpAndSendsArgumentsWhole() throws Exception {
        var request = with(response("grok-4.5", "get_weather in Oslo"), "tools", FLAT_TOOLS);
        var stream = stream(request);
        stream.assertAllLevelsAgree();
        long deltas =
                stream.types().stream()
                        .filter("response.function_call_arguments.delta"::equals)
                        .count();
        assertEquals(1, deltas);
        assertEquals("response.completed", stream.types().getLast());
        stream(response("grok-4.5", "Hello 🏔")).assertAllLevelsAgree();
    }

    @Test
    void aToolLoopIsClosedWithReasoningThatComesBackUnchanged() throws Exception {
        var request = with(response("grok-4.7", "get_weather in Oslo"), "tools", FLAT_TOOLS);
        request.put("store", false);
        var output = ask(RESPONSES, request, 200).path("output");
        var input = (ArrayNode) request.path("input");
        output.forEach(input::add);
        input.addObject()
                .put("type", "function_call_output")
                .put("call_id", output.path(1).path("call_id").asText())
                .put("output", "sunny");
        ask(RESPONSES, request, 200);
        ask(RESPONSES, request.deepCopy().put("model", "grok-4.6"), 400);
        var sealed = output.path(0).path("encrypted_content").asText();
        ((ObjectNode) input.get(1)).put("encrypted_content", sealed.replace('B', 'C'));
        assertTrue(
                ask(RESPONSES, request, 400).path("error").asText().contains("encrypted_content"));
    }

    @Test
    void searchesAreMarkedInTheTextAndCitedAtItsEnd() throws Exception {
        var request =
                with(
                        response("grok-4.5", "Zürich"),
                        "tools",
                        "[{\"type\":\"web_search\",\"allowed_domains\":[\"example.edu\"]},"
                                + "{\"type\":\"x_search\"}]");
        var response = ask(RESPONSES, request, 200);
        assertEquals("x_keyword_search", response.at("/output/2/name").asText());
        var part = response.at("/output/3/content/0");
        var text = part.path("text").asText();
        for (int i = 0; i < 2; i++) {
            var citation = part.path("annotations").path(i);
            var number = Integer.toString(i + 1);
            assertEquals(number, citation.path("title").asText());
            int start = text.offsetByCodePoints(0, citation.path("start_index").asInt());
            int end = text.offsetByCodePoints(0, citation.path("end_index").asInt());
            assertEquals(
                    "[[" + number + "]](" + citation.path("url").asText() + ")",
                    text.substring(start, end));
        }
        assertEquals(0, part.at("/annotations/2/end_index").asInt());
        var usage = response.path("usage");
        assertEquals(2, usage.path("num_server_side_tools_used").asInt());
        assertEquals(1, usage.at("/server_side_tool_usage_details/x_search_calls").asInt());
        assertEquals(
                3 * usage.at("/context_details/input_tokens").asInt(),
                usage.path("input_tokens").asInt());
        var stream = stream(request);
        var types = stream.types();
        assertTrue(
                types.indexOf("response.output_text.annotation.added")
                        > types.lastIndexOf("response.output_text.delta"));
        assertEquals("response.done", types.getLast());
        with(request, "include", "[\"reasoning.encrypted_content\"]");
        var sealed = ask(RESPONSES, request, 200).path("output");
        assertTrue(sealed.at("/3/encrypted_content").asText().startsWith("tco_"));
        assertEquals(sealed.at("/0/id"), sealed.at("/5/id"));
        var next = request.deepCopy();
        sealed.forEach(((ArrayNode) next.path("input"))::add);
        ((ArrayNode) next.path("input")).addObject().put("role", "user").put("content", "And?");
        ask(RESPONSES, next, 200);
        with(request, "include", "[\"no_inline_citations\"]");
        var plain = ask(RESPONSES, request, 200).at("/output/3/content/0/text").asText();
        assertFalse(plain.contains("[["), plain);
    }

    @Test
    void errorsComeInThreeShapesAndOneWithStatus200() throws Exception {
        var argument = ask(CHAT, chat("grok-4.5", "x").put("stop", "y"), 400);
        assertEquals("Client specified an invalid argument", argument.path("code").asText());
        assertTrue(argument.path("error").isTextual());
        var gone = with(chat("grok-4.5", "x"), "search_parameters", "{\"mode\":\"on\"}");
        assertEquals(1, ask(CHAT, gone, 410).size());
        assertEquals(1, ask(CHAT, chat("grok-4.5", "x").put("temperature", "hot"), 422).size());
        simulator.faults().next(new Misbehaviour.Status(429));
        var limit = ask(CHAT, chat("grok-4.5", "x"), 429);
        assertEquals("rate_limit_exceeded", limit.at("/error/type").asText());
        var hidden = chat("grok-4.5", "SIMULATE_UNAVAILABLE").put("stream", true);
        assertTrue(ask(CHAT, hidden, 200).path("code").asText().contains("unavailable"));
        try (var other = Simulator.start(Simulator.Options.xai("only-this"));
                var stranger = new VendorClient(other)) {
            var reply = stranger.post(RESPONSES, response("grok-4.5", "x").toString());
            assertEquals(400, reply.statusCode());
            assertTrue(reply.body().contains("Incorrect API key"), reply.body());
        }
        ask(CHAT, chat("grok-3", "x"), 404);
    }

    @Test
    void faultsInAStreamAreFlatAndAnswersEndWhereTheyMust() throws Exception {
        simulator.faults().next(new Misbehaviour.ErrorEvent(2, 503));
        var last = stream(response("grok-4.5", "Hello")).last();
        assertEquals("service_unavailable", last.path("code").asText());
        assertFalse(last.has("error"));
        var cut = ask(RESPONSES, response("grok-4.5", "x y").put("max_output_tokens", 70), 200);
        assertEquals("max_output_tokens", cut.at("/incomplete_details/reason").asText());
        // On Chat only what can be read is limited.
        var short1 = ask(CHAT, chat("grok-4.5", "x y").put("max_completion_tokens", 3), 200);
        assertEquals("length", short1.at("/choices/0/finish_reason").asText());
        assertEquals(3, short1.at("/usage/completion_tokens").asInt());
        var turns = ask(RESPONSES, response("grok-4.5", "SIMULATE_TURN_LIMIT"), 200);
        assertEquals("turn_limit", turns.at("/incomplete_details/reason").asText());
    }

    @Test
    void aDeferredCompletionIsFetchedOnceWhenItIsReady() throws Exception {
        var begun = ask(CHAT, chat("grok-4.5", "Hello").put("deferred", true), 200);
        var path = "/v1/chat/deferred-completion/" + begun.path("request_id").asText();
        assertEquals(202, client.send("GET", path).statusCode());
        assertTrue(client.send("GET", path).body().contains("chat.completion"));
        assertEquals(404, client.send("GET", path).statusCode());
    }
}
