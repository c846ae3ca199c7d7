package dev.pillion.sidecar.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.openai.SimulatedOpenAi;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the simulated OpenAI says on Chat Completions. */
class OpenAiAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/v1/chat/completions";
    private static final String WEATHER =
            """
            [{"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
            "required":["city"],"properties":{"city":{"type":"string"}}}}}]\
            """;

    private final Simulator simulator = Simulator.start(Simulator.Options.openAi("a-key"));
    private final VendorClient client = new VendorClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    private static ObjectNode request(String model, String text) {
        ObjectNode request = JSON.createObjectNode().put("model", model);
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }

    private JsonNode ask(ObjectNode request) throws Exception {
        var reply = client.post(PATH, request.toString());
        assertEquals(200, reply.statusCode(), reply.body());
        return JSON.readTree(reply.body());
    }

    private JsonNode refused(ObjectNode request) throws Exception {
        var reply = client.post(PATH, request.toString());
        assertEquals(400, reply.statusCode(), reply.body());
        return JSON.readTree(reply.body()).path("error");
    }

    private List<JsonNode> chunks(ObjectNode request) throws Exception {
        var body = client.post(PATH, request.deepCopy().put("stream", true).toString()).body();
        assertTrue(body.endsWith("data: [DONE]\n\n"), body);
        var chunks = new ArrayList<JsonNode>();
        for (var line : body.split("\n\n", 0)) {
            if (!line.endsWith("[DONE]")) {
                chunks.add(JSON.readTree(line.substring("data: ".length())));
            }
        }
        return chunks;
    }

    /** The content of each choice that a stream adds up to, and its finish reason. */
    private Map<Integer, String> folded(ObjectNode request) throws Exception {
        var folded = new TreeMap<Integer, String>();
        for (var chunk : chunks(request)) {
            for (var choice : chunk.path("choices")) {
                var delta = choice.path("delta").path("content").asText("");
                var text =
                        choice.path("finish_reason").isNull()
                                ? delta
                                : "/" + choice.path("finish_reason").asText();
                folded.merge(choice.path("index").asInt(), text, String::concat);
            }
        }
        return folded;
    }

    @Test
    void aStreamAddsUpToTheWholeAnswerForEveryChoice() throws Exception {
        var request = request("gpt-4o", "How tall is the “Säntis” 🏔?").put("n", 2);
        var whole = new TreeMap<Integer, String>();
        for (var choice : ask(request).path("choices")) {
            whole.put(
                    choice.path("index").asInt(),
                    choice.path("message").path("content").asText()
                            + "/"
                            + choice.path("finish_reason").asText());
        }
        assertEquals(2, whole.size());
        assertEquals(whole, folded(request));
    }

    @Test
    void usageComesInTheStreamOnlyIfAskedFor() throws Exception {
        var request = request("gpt-4o-mini", "Hello");
        assertTrue(chunks(request).stream().noneMatch(chunk -> chunk.has("usage")));
        assertTrue(chunks(request).getFirst().has("obfuscation"));
        request.putObject("stream_options")
                .put("include_usage", true)
                .put("include_obfuscation", false);
        var chunks = chunks(request);
        assertTrue(chunks.getFirst().path("usage").isNull());
        assertEquals(0, chunks.getLast().path("choices").size());
        assertTrue(chunks.getLast().path("usage").path("total_tokens").asInt() > 0);
        assertTrue(chunks.stream().noneMatch(chunk -> chunk.has("obfuscation")));
        assertEquals("stream_options", refused(request).path("param").asText());
    }

    @Test
    void toolsAreCalledInFragmentsAndTheirResultsQuoted() throws Exception {
        var request = request("gpt-4o", "get_weather in both Oslo and Rome");
        request.set("tools", JSON.readTree(WEATHER));
        var message = ask(request).path("choices").path(0).path("message");
        assertTrue(message.path("content").isNull());
        assertEquals(2, message.path("tool_calls").size());
        var arguments = new TreeMap<Integer, String>();
        var ids = new TreeMap<Integer, String>();
        for (var chunk : chunks(request)) {
            for (var call : chunk.path("choices").path(0).path("delta").path("tool_calls")) {
                int index = call.path("index").asInt();
                arguments.merge(
                        index, call.path("function").path("arguments").asText(), String::concat);
                assertNull(call.has("id") ? ids.put(index, call.path("id").asText()) : null);
            }
        }
        assertEquals(Map.of(0, "{\"city\":\"Oslo\"}", 1, "{\"city\":\"Rome\"}"), arguments);
        var messages = (ArrayNode) request.path("messages");
        messages.add(message);
        for (var call : message.path("tool_calls")) {
            messages.addObject()
                    .put("role", "tool")
                    .put("tool_call_id", call.path("id").asText())
                    .put("content", "sunny, " + call.path("function").path("arguments").asText());
        }
        var answer = ask(request).path("choices").path(0);
        assertEquals("stop", answer.path("finish_reason").asText());
        assertTrue(answer.path("message").path("content").asText().contains("Rome"));
        messages.remove(3);
        assertTrue(refused(request).path("message").asText().contains("did not have response"));
    }

    @Test
    void parallelCallsAreSwitchedOffAndLegacyFunctionsServed() throws Exception {
        var request = request("gpt-4o", "both Oslo and Rome");
        request.set("tools", JSON.readTree(WEATHER));
        request.put("tool_choice", "required").put("parallel_tool_calls", false);
        assertEquals(
                1, ask(request).path("choices").path(0).path("message").path("tool_calls").size());
        var legacy = request("gpt-4", "get_weather in Oslo");
        legacy.putArray("functions").add(JSON.readTree(WEATHER).path(0).path("function"));
        var choice = ask(legacy).path("choices").path(0);
        assertEquals("function_call", choice.path("finish_reason").asText());
        assertEquals(
                "get_weather", choice.path("message").path("function_call").path("name").asText());
    }

    @Test
    void answersFollowTheirFormat() throws Exception {
        var object = request("gpt-4o", "As JSON, please");
        object.putObject("response_format").put("type", "json_object");
        var content = ask(object).path("choices").path(0).path("message").path("content").asText();
        assertTrue(JSON.readTree(content).isObject());
        ((ObjectNode) object.path("messages").path(0)).put("content", "As you like");
        assertTrue(refused(object).path("message").asText().contains("the word 'json'"));
        var schema = request("gpt-4o", "Oslo");
        var format =
                """
                {"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":
                {"type":"object","additionalProperties":false,"required":["n"],
                "properties":{"n":{"type":"integer","minimum":5}}}}}\
                """;
        schema.set("response_format", JSON.readTree(format));
        content = ask(schema).path("choices").path(0).path("message").path("content").asText();
        assertEquals(5, JSON.readTree(content).path("n").asInt());
    }

    @Test
    void answersEndByStopByLengthByRefusalAndByFilter() throws Exception {
        var stop = request("gpt-4o", "one two three").put("stop", "two");
        var choice = ask(stop).path("choices").path(0);
        assertTrue(choice.path("message").path("content").asText().endsWith("one "));
        choice = ask(request("gpt-4o", "one two").put("max_tokens", 3)).path("choices").path(0);
        assertEquals("length", choice.path("finish_reason").asText());
        choice = ask(request("gpt-4o", "SIMULATE_REFUSAL")).path("choices").path(0);
        assertTrue(choice.path("message").path("content").isNull());
        assertTrue(choice.path("message").path("refusal").asText().contains("sorry"));
        choice = ask(request("gpt-4o", "SIMULATE_CONTENT_FILTER")).path("choices").path(0);
        assertEquals("content_filter", choice.path("finish_reason").asText());
    }

    @Test
    void searchModelsCiteAudioModelsSpeakAndTokensHaveProbabilities() throws Exception {
        var search = request("gpt-4o-search-preview", "Zürich");
        search.putObject("web_search_options");
        var message = ask(search).path("choices").path(0).path("message");
        var text = message.path("content").asText();
        var citation = message.path("annotations").path(1).path("url_citation");
        int start = text.offsetByCodePoints(0, citation.path("start_index").asInt());
        int end = text.offsetByCodePoints(0, citation.path("end_index").asInt());
        assertEquals("([example](https://example.com/tokyo))", text.substring(start, end));
        var audio = request("gpt-audio", "Say hello");
        audio.putArray("modalities").add("text").add("audio");
        audio.putObject("audio").put("voice", "alloy").put("format", "wav");
        message = ask(audio).path("choices").path(0).path("message");
        assertTrue(message.path("audio").path("data").asText().startsWith("UklGR"));
        var logprobs = request("gpt-4o", "Hello").put("logprobs", true).put("top_logprobs", 2);
        var token = ask(logprobs).path("choices").path(0).path("logprobs").path("content").path(0);
        assertEquals(2, token.path("top_logprobs").size());
    }

    @Test
    void aRepeatedPrefixIsReadFromTheCache() throws Exception {
        var request = request("gpt-4o", "a long story ".repeat(600));
        var details = "prompt_tokens_details";
        assertEquals(0, ask(request).path("usage").path(details).path("cached_tokens").asInt());
        ((ArrayNode) request.path("messages")).addObject().put("role", "user").put("content", "x");
        int cached = ask(request).path("usage").path(details).path("cached_tokens").asInt();
        assertTrue(cached >= 1_024 && cached % 128 == 0, "cached " + cached);
    }

    @Test
    void reasoningModelsReasonAndRefuse() throws Exception {
        var request = request("gpt-5-mini", "Hello");
        var usage = ask(request).path("usage");
        assertEquals(64, usage.path("completion_tokens_details").path("reasoning_tokens").asInt());
        assertEquals(
                "temperature", refused(request.put("temperature", 0.2)).path("param").asText());
        request.remove("temperature");
        assertEquals(
                "unsupported_parameter",
                refused(request.put("max_tokens", 9)).path("code").asText());
    }

    @Test
    void keysModelsAndPathsAreServed() throws Exception {
        assertEquals(
                200,
                client.post("/chat/completions", request("gpt-4o", "x").toString()).statusCode());
        assertTrue(JSON.readTree(client.send("GET", "/v1/models").body()).path("data").size() > 15);
        assertEquals(404, client.post(PATH, request("gpt-nonesuch", "x").toString()).statusCode());
        assertEquals(404, client.post(PATH, request("gpt-5-pro", "x").toString()).statusCode());
        var house = SimulatedOpenAi.compatible(Set.of(), Clock.systemUTC());
        try (var other = Simulator.start(Simulator.Options.of(house));
                var guest = new VendorClient(other)) {
            assertEquals(200, guest.post(PATH, request("llama-9", "x").toString()).statusCode());
        }
        try (var other = Simulator.start(Simulator.Options.openAi("only-this"));
                var stranger = new VendorClient(other)) {
            var reply = stranger.post(PATH, request("gpt-4o", "x").toString());
            assertEquals(401, reply.statusCode());
            assertTrue(reply.body().contains("invalid_api_key"), reply.body());
        }
    }
}
