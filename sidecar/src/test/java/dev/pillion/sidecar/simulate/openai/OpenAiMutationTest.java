package dev.pillion.sidecar.simulate.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Mutations;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Good recorded requests with one thing wrong are refused. */
class OpenAiMutationTest {
    private static final int A_REQUEST = 30;
    private static final Set<String> FREE =
            Set.of("schema", "parameters", "annotations", "metadata", "logit_bias");
    private static final Map<String, List<String>> REQUIRED =
            Map.ofEntries(
                    Map.entry("", List.of("model", "messages")),
                    Map.entry("role=user", List.of("role", "content")),
                    Map.entry("role=system", List.of("role", "content")),
                    Map.entry("role=developer", List.of("role", "content")),
                    Map.entry("role=tool", List.of("role", "content", "tool_call_id")),
                    Map.entry("type=text", List.of("type", "text")),
                    Map.entry("type=image_url", List.of("type", "image_url")),
                    Map.entry("type=input_audio", List.of("type", "input_audio")),
                    Map.entry("type=file", List.of("type", "file")),
                    Map.entry("input_audio", List.of("data", "format")),
                    Map.entry("image_url", List.of("url")),
                    Map.entry("tool_calls[]", List.of("id", "type", "function")),
                    Map.entry("tools[]", List.of("type", "function")),
                    Map.entry("function", List.of("name")),
                    Map.entry("functions[]", List.of("name")),
                    Map.entry("json_schema", List.of("name")),
                    Map.entry("response_format", List.of("type")),
                    Map.entry("moderation", List.of("model")),
                    Map.entry("audio", List.of("voice", "format")));

    private final ChatValidator validator = new ChatValidator(false);

    @Test
    void oneFieldMutationsOfGoodRequestsAreRefused() {
        var tally = new Mutations.Tally();
        for (var exchange : Corpus.of("openai")) {
            boolean chat = exchange.endpoint().equals("chat.completions");
            if (chat && exchange.status() < 300) {
                var mutations = new Mutations(exchange.body(), FREE, REQUIRED).everywhere();
                top(mutations);
                messages(mutations);
                tools(mutations);
                tally.judge(
                        exchange,
                        mutations.sample(A_REQUEST),
                        body -> validator.check(exchange.ask(body)) instanceof Verdict.Bad);
            }
        }
        System.out.println("openai chat: " + tally);
        assertEquals(List.of(), tally.accepted());
    }

    private static ObjectNode with(Mutations mutations, String field, String json) {
        var copy = mutations.copy();
        copy.set(field, Trees.own(json));
        return copy;
    }

    private static void top(Mutations all) {
        all.add("max tokens below 0", with(all, "max_completion_tokens", "-1"));
        all.add("max tokens with a fraction", with(all, "max_completion_tokens", "10.5"));
        all.add("no messages", with(all, "messages", "[]"));
        all.add("model unknown", with(all, "model", "\"gpt-nonesuch\""));
        all.add("temperature too high", with(all, "temperature", "2.5"));
        all.add("top_p below 0", with(all, "top_p", "-0.1"));
        all.add("frequency_penalty too high", with(all, "frequency_penalty", "3"));
        all.add("n of 0", with(all, "n", "0"));
        all.add("five stops", with(all, "stop", "[\"a\",\"b\",\"c\",\"d\",\"e\"]"));
        all.add("another vendor's field", with(all, "top_k", "40"));
        all.add("another vendor's thinking", with(all, "thinking", "{\"type\":\"enabled\"}"));
        all.add("service_tier unknown", with(all, "service_tier", "\"turbo\""));
        all.add("effort unknown", with(all, "reasoning_effort", "\"extreme\""));
        all.add("response_format unknown", with(all, "response_format", "{\"type\":\"xml\"}"));
        all.add(
                "response_format without schema name",
                with(
                        all,
                        "response_format",
                        "{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":\"object\"}}}"));
        all.add(
                "answer schema not strict",
                with(
                        all,
                        "response_format",
                        "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"strict\":true,\"schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}"));
        all.add("modality unknown", with(all, "modalities", "[\"video\"]"));
        var alone = with(all, "top_logprobs", "3");
        alone.remove("logprobs");
        all.add("top_logprobs alone", alone);
        all.add("logprobs no flag", with(all, "logprobs", "5"));
        all.add(
                "web search on another model",
                with(all, "web_search_options", "{\"search_context_size\":\"huge\"}"));
        var options = with(all, "stream_options", "{\"include_usage\":true}");
        options.remove("stream");
        all.add("stream_options without stream", options);
    }

    private static void messages(Mutations all) {
        var messages = all.copy().path("messages");
        for (int i = 0; i < messages.size(); i++) {
            all.add("role unknown", inMessage(all, i, "role", "\"model\""));
            all.add("role capitalised", inMessage(all, i, "role", "\"User\""));
            if (!messages.get(i).path("role").asText().equals("assistant")) {
                all.add("content null", inMessage(all, i, "content", "null"));
            }
            all.add("content empty list", inMessage(all, i, "content", "[]"));
            all.add(
                    "content of another vendor's kind",
                    inMessage(
                            all,
                            i,
                            "content",
                            "[{\"type\":\"tool_use\",\"id\":\"x\",\"name\":\"y\",\"input\":{}}]"));
            pairing(all, messages.get(i), i);
        }
    }

    private static void pairing(Mutations all, JsonNode message, int i) {
        if (message.path("role").asText().equals("tool")) {
            all.add("result of no call", inMessage(all, i, "tool_call_id", "\"call_nonesuch\""));
            var lost = all.copy();
            ((ArrayNode) lost.path("messages")).remove(i);
            all.add("result removed", lost);
            var twice = all.copy();
            ((ArrayNode) twice.path("messages")).insert(i, message);
            all.add("result twice", twice);
        }
        if (message.path("tool_calls").size() > 0) {
            var renumbered = all.copy();
            ((ObjectNode) renumbered.path("messages").get(i).path("tool_calls").get(0))
                    .put("id", "call_other");
            all.add("call renumbered", renumbered);
            var object = all.copy();
            ((ObjectNode) object.path("messages").get(i).path("tool_calls").get(0).path("function"))
                    .putObject("arguments");
            all.add("call's arguments an object", object);
            all.add("calls an empty list", inMessage(all, i, "tool_calls", "[]"));
        }
    }

    private static void tools(Mutations all) {
        var tools = all.copy().path("tools");
        for (int i = 0; i < tools.size(); i++) {
            var twice = all.copy();
            ((ArrayNode) twice.path("tools")).add(tools.get(i));
            all.add("tool name twice", twice);
            all.add("tool name with blanks", inFunction(all, i, "name", "\"a tool\""));
            all.add("tool name too long", inFunction(all, i, "name", "\"" + "n".repeat(65) + "\""));
            all.add(
                    "tool schema no object",
                    inFunction(all, i, "parameters", "{\"type\":\"array\"}"));
            all.add(
                    "tool schema malformed",
                    inFunction(
                            all,
                            i,
                            "parameters",
                            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"str\"}}}"));
            all.add("tool type unknown", inTool(all, i, "type", "\"retrieval\""));
        }
        all.add("tool_choice unknown", with(all, "tool_choice", "\"any\""));
        all.add(
                "tool_choice of no tool",
                with(
                        all,
                        "tool_choice",
                        "{\"type\":\"function\",\"function\":{\"name\":\"nonesuch\"}}"));
        all.add("tools an object", with(all, "tools", "{}"));
        all.add("tools an empty list", with(all, "tools", "[]"));
        if (tools.isEmpty()) {
            all.add("tool_choice without tools", with(all, "tool_choice", "\"auto\""));
            all.add("parallel calls without tools", with(all, "parallel_tool_calls", "false"));
        }
    }

    private static ObjectNode inMessage(Mutations all, int index, String field, String json) {
        var copy = all.copy();
        ((ObjectNode) copy.path("messages").get(index)).set(field, Trees.own(json));
        return copy;
    }

    private static ObjectNode inTool(Mutations all, int index, String field, String json) {
        var copy = all.copy();
        ((ObjectNode) copy.path("tools").get(index)).set(field, Trees.own(json));
        return copy;
    }

    private static ObjectNode inFunction(Mutations all, int index, String field, String json) {
        var copy = all.copy();
        ((ObjectNode) copy.path("tools").get(index).path("function")).set(field, Trees.own(json));
        return copy;
    }
}
