package dev.pillion.sidecar.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the simulated OpenAI says on Responses. */
class OpenAiResponsesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/v1/responses";
    private static final String WEATHER =
            """
            [{"type":"function","name":"get_weather","strict":false,"parameters":{"type":"object",
            "required":["city"],"properties":{"city":{"type":"string"}}}}]\
            """;
    private static final String ENCRYPTED = "[\"reasoning.encrypted_content\"]";

    private final Simulator simulator = Simulator.start(Simulator.Options.openAi("a-key"));
    private final VendorClient client = new VendorClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    private static ObjectNode request(String model, String text) {
        ObjectNode request = JSON.createObjectNode().put("model", model);
        request.putArray("input").addObject().put("role", "user").put("content", text);
        return request;
    }

    private static ObjectNode with(ObjectNode request, String field, String json) throws Exception {
        return request.set(field, JSON.readTree(json));
    }

    private JsonNode ask(ObjectNode request) throws Exception {
        var reply = client.post(PATH, request.toString());
        assertEquals(200, reply.statusCode(), reply.body());
        return JSON.readTree(reply.body());
    }

    private ResponsesStream stream(ObjectNode request) throws Exception {
        var reply = client.post(PATH, request.deepCopy().put("stream", true).toString());
        assertEquals(200, reply.statusCode(), reply.body());
        return ResponsesStream.of(reply.body());
    }

    private JsonNode refused(int status, ObjectNode request) throws Exception {
        var reply = client.post(PATH, request.toString());
        assertEquals(status, reply.statusCode(), reply.body());
        return JSON.readTree(reply.body()).path("error");
    }

    private static JsonNode item(JsonNode response, String type) {
        for (var item : response.path("output")) {
            if (item.path("type").asText().equals(type)) {
                return item;
            }
        }
        throw new AssertionError("no " + type + " in " + response.path("output"));
    }

    private static String text(JsonNode response) {
        return item(response, "message").path("content").path(0).path("text").asText();
    }

    private static ArrayNode input(ObjectNode request) {
        return (ArrayNode) request.path("input");
    }

    @Test
    void aStreamAddsUpToTheWholeAnswerAtEveryLevel() throws Exception {
        var request = request("gpt-6-luna", "How tall is the “Säntis” 🏔?");
        with(request, "reasoning", "{\"summary\":\"auto\"}");
        var whole = ask(request);
        var stream = stream(request);
        stream.assertAllLevelsAgree();
        assertEquals("response.created", stream.types().getFirst());
        assertEquals("response.completed", stream.types().getLast());
        assertEquals(
                ResponsesStream.comparable(whole),
                ResponsesStream.comparable(stream.last().path("response")));
        assertTrue(stream.joined("response.reasoning_summary_text.delta").contains("short one"));
        assertEquals(64, reasoningTokens(whole));
    }

    private static int reasoningTokens(JsonNode response) {
        var details = response.path("usage").path("output_tokens_details");
        return details.path("reasoning_tokens").asInt();
    }

    @Test
    void encryptedContentIsWholeOnlyWhenItsItemIsDone() throws Exception {
        var request = with(request("gpt-5.4", "Hello"), "include", ENCRYPTED);
        with(request, "reasoning", "{\"effort\":\"low\"}");
        var events = stream(request).events();
        var added = events.get(2).path("item").path("encrypted_content").asText();
        var done = events.get(3).path("item").path("encrypted_content").asText();
        assertTrue(done.startsWith(added) && done.length() > added.length(), done);
    }

    @Test
    void toolsAreCalledInFragmentsAndTheLoopIsClosed() throws Exception {
        var request = request("gpt-6-luna", "get_weather in both Oslo and Rome");
        request.put("store", false);
        with(request, "tools", WEATHER);
        with(request, "include", ENCRYPTED);
        stream(request).assertAllLevelsAgree();
        assertEquals(
                "{\"city\":\"Oslo\"}{\"city\":\"Rome\"}",
                stream(request).joined("response.function_call_arguments.delta"));
        var output = ask(request).path("output");
        assertEquals(3, output.size());
        output.forEach(input(request)::add);
        for (var call : List.of(output.path(1), output.path(2))) {
            input(request)
                    .addObject()
                    .put("type", "function_call_output")
                    .put("call_id", call.path("call_id").asText())
                    .put("output", "sunny, " + call.path("arguments").asText());
        }
        assertTrue(text(ask(request)).contains("Rome"));
        var orphan = request.deepCopy();
        input(orphan).remove(3);
        assertTrue(refused(400, orphan).path("message").asText().startsWith("No tool call found"));
        input(request).remove(5);
        assertTrue(
                refused(400, request).path("message").asText().startsWith("No tool output found"));
    }

    @Test
    void reasoningComesBackWholeUnchangedAndToItsModel() throws Exception {
        var request = request("gpt-6-luna", "Hello").put("store", false);
        var output = ask(request).path("output");
        output.forEach(input(request)::add);
        input(request).addObject().put("role", "user").put("content", "And now?");
        assertFalse(ask(request).has("input_transformations"));

        var changed = request.deepCopy();
        var sealed = output.path(0).path("encrypted_content").asText();
        var swapped = sealed.endsWith("A") ? "B" : "A";
        ((ObjectNode) input(changed).get(1))
                .put("encrypted_content", sealed.substring(0, sealed.length() - 1) + swapped);
        assertEquals("invalid_encrypted_content", refused(400, changed).path("code").asText());

        var otherModel = request.deepCopy().put("model", "gpt-6-sol");
        assertEquals(
                "model_mismatch",
                ask(otherModel).path("input_transformations").path(0).path("reason").asText());

        var alone = request.deepCopy();
        input(alone).remove(2);
        assertTrue(refused(400, alone).path("message").asText().contains("following item"));

        var bare = request.deepCopy();
        ((ObjectNode) input(bare).get(1)).remove("encrypted_content");
        assertTrue(refused(404, bare).path("message").asText().contains("not persisted"));
    }

    @Test
    void whatIsStoredIsContinuedByItsIdAndNeedsItsReasoning() throws Exception {
        var first = ask(request("gpt-6-luna", "The “first” question"));
        var id = first.path("id").asText();
        var next = request("gpt-6-luna", "SIMULATE_COMMENTARY").put("previous_response_id", id);
        var answer = ask(next);
        assertEquals("commentary", item(answer, "message").path("phase").asText());
        assertTrue(
                answer.path("usage").path("input_tokens").asInt()
                        > first.path("usage").path("input_tokens").asInt());
        var named = request("gpt-6-luna", "Again");
        input(named).insert(0, item(first, "message"));
        assertTrue(
                refused(400, named)
                        .path("message")
                        .asText()
                        .contains("without its required 'reasoning' item"));
        assertEquals(200, client.send("GET", PATH + "/" + id).statusCode());
        assertEquals(200, client.send("DELETE", PATH + "/" + id).statusCode());
        assertEquals(404, client.send("GET", PATH + "/" + id).statusCode());
        assertEquals("previous_response_not_found", refused(400, next).path("code").asText());
    }

    @Test
    void theWebIsSearchedCitedAndItsSourcesTold() throws Exception {
        var request = request("gpt-5.4", "Zürich");
        with(
                request,
                "tools",
                "[{\"type\":\"web_search\",\"filters\":{\"allowed_domains\":[\"example.edu\"]}}]");
        with(request, "include", "[\"web_search_call.action.sources\"]");
        var response = ask(request);
        var action = item(response, "web_search_call").path("action");
        assertTrue(action.path("sources").path(0).path("url").asText().contains("example.edu"));
        var text = text(response);
        var annotations = item(response, "message").path("content").path(0).path("annotations");
        assertEquals(2, annotations.size());
        for (var citation : annotations) {
            int start = text.offsetByCodePoints(0, citation.path("start_index").asInt());
            int end = text.offsetByCodePoints(0, citation.path("end_index").asInt());
            assertEquals(
                    "([example.edu](" + citation.path("url").asText() + "))",
                    text.substring(start, end));
        }
        var stream = stream(request);
        stream.assertAllLevelsAgree();
        int first = stream.types().indexOf("response.output_text.annotation.added");
        assertTrue(stream.types().lastIndexOf("response.output_text.delta") > first);
        assertTrue(stream.types().contains("response.web_search_call.searching"));
        assertFalse(stream.events().get(2).path("item").has("action"));
        request.put("model", "o3-mini");
        assertEquals(400, client.post(PATH, request.toString()).statusCode());
    }

    @Test
    void answersFollowTheirFormat() throws Exception {
        var request = request("gpt-4o", "Oslo");
        with(
                request,
                "text",
                """
                {"format":{"type":"json_schema","name":"a","strict":true,"schema":
                {"type":"object","additionalProperties":false,"required":["n"],
                "properties":{"n":{"type":"integer","minimum":5}}}}}\
                """);
        assertEquals(5, JSON.readTree(text(ask(request))).path("n").asInt());
        var loose = with(request, "text", "{\"format\":{\"type\":\"json_object\"}}");
        assertEquals("input", refused(400, loose).path("param").asText());
    }

    @Test
    void answersEndByRefusalByFilterByLengthAndByFailure() throws Exception {
        var refusal = stream(request("gpt-4o", "SIMULATE_REFUSAL"));
        assertTrue(refusal.joined("response.refusal.delta").contains("sorry"));
        assertEquals("response.completed", refusal.types().getLast());
        var filtered = ask(request("gpt-4o", "SIMULATE_CONTENT_FILTER"));
        assertEquals("content_filter", filtered.at("/incomplete_details/reason").asText());
        var cut = stream(request("gpt-6-luna", "one two").put("max_output_tokens", 70));
        assertEquals("response.incomplete", cut.types().getLast());
        cut.assertAllLevelsAgree();
        var response = cut.last().path("response");
        assertEquals("max_output_tokens", response.at("/incomplete_details/reason").asText());
        assertEquals(70, response.at("/usage/output_tokens").asInt());
        var thinks = ask(request("gpt-6-luna", "one two").put("max_output_tokens", 16));
        assertEquals(1, thinks.path("output").size());
        assertEquals(16, reasoningTokens(thinks));
        var failed = stream(request("gpt-4o", "SIMULATE_FAILURE"));
        assertEquals("response.failed", failed.types().getLast());
        assertEquals("server_error", failed.last().at("/response/error/code").asText());
    }

    @Test
    void aRepeatedPrefixIsReadFromTheCacheAndOthersAreWritten() throws Exception {
        var request = request("gpt-6-luna", "a long story ".repeat(600));
        var details = "/usage/input_tokens_details";
        var first = ask(request).at(details);
        assertEquals(0, first.path("cached_tokens").asInt());
        assertTrue(first.path("cache_write_tokens").asInt() >= 1_024);
        input(request).addObject().put("role", "user").put("content", "x");
        int cached = ask(request).at(details).path("cached_tokens").asInt();
        assertTrue(cached >= 1_024 && cached % 128 == 0, "cached " + cached);
    }

    @Test
    void errorsInAStreamAreNestedAndTokensAreCounted() throws Exception {
        simulator.faults().next(new Misbehaviour.ErrorEvent(2, 500));
        var events = stream(request("gpt-4o", "Hello")).events();
        assertEquals(3, events.size());
        assertEquals("error", events.getLast().path("type").asText());
        assertEquals("server_error", events.getLast().at("/error/type").asText());
        var counted = client.post(PATH + "/input_tokens", request("gpt-4o", "Hello").toString());
        assertEquals(
                ask(request("gpt-4o", "Hello")).at("/usage/input_tokens"),
                JSON.readTree(counted.body()).path("input_tokens"));
        assertEquals(
                "model_not_found",
                refused(400, request("gpt-nonesuch", "x")).path("code").asText());
    }

    @Test
    void aDeferredToolIsSearchedForAndCalledInItsNamespace() throws Exception {
        var request = request("gpt-5.4", "get_weather in Oslo").put("store", false);
        var deferred =
                WEATHER.replace("\"strict\":false", "\"strict\":false,\"defer_loading\":true");
        with(request, "tools", deferred.replaceFirst("\\[", "[{\"type\":\"tool_search\"},"));
        var output = ask(request).path("output");
        assertEquals("tool_search_call", output.path(0).path("type").asText());
        assertEquals("get_weather", output.at("/1/tools/0/name").asText());
        assertEquals("get_weather", output.at("/2/namespace").asText());
        output.forEach(input(request)::add);
        input(request)
                .addObject()
                .put("type", "function_call_output")
                .put("call_id", output.at("/2/call_id").asText())
                .put("output", "sunny");
        assertTrue(text(ask(request)).contains("sunny"));
    }
}
