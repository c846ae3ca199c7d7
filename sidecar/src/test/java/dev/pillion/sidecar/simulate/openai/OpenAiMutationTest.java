package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Mutations;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Good recorded requests with one thing wrong are refused. */
class OpenAiMutationTest {
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

    @Test
    void oneFieldMutationsOfGoodRequestsAreRefused() {
        var validator = new ChatValidator(false);
        Mutations.assertRefused(
                "openai chat",
                Corpus.of("openai", "chat.completions"),
                FREE,
                REQUIRED,
                (_, mutations) -> {
                    top(mutations);
                    messages(mutations);
                    tools(mutations);
                },
                (exchange, body) -> validator.check(exchange.ask(body)) instanceof Verdict.Bad);
    }

    private static void top(Mutations all) {
        all.add("max tokens below 0", all.with("max_completion_tokens", "-1"));
        all.add("max tokens with a fraction", all.with("max_completion_tokens", "10.5"));
        all.add("no messages", all.with("messages", "[]"));
        all.add("model unknown", all.with("model", "\"gpt-nonesuch\""));
        all.add("temperature too high", all.with("temperature", "2.5"));
        all.add("top_p below 0", all.with("top_p", "-0.1"));
        all.add("frequency_penalty too high", all.with("frequency_penalty", "3"));
        all.add("n of 0", all.with("n", "0"));
        all.add("five stops", all.with("stop", "[\"a\",\"b\",\"c\",\"d\",\"e\"]"));
        all.add("another vendor's field", all.with("top_k", "40"));
        all.add("another vendor's thinking", all.with("thinking", "{\"type\":\"enabled\"}"));
        all.add("service_tier unknown", all.with("service_tier", "\"turbo\""));
        all.add("effort unknown", all.with("reasoning_effort", "\"extreme\""));
        all.add("response_format unknown", all.with("response_format", "{\"type\":\"xml\"}"));
        all.add(
                "response_format without schema name",
                all.with(
                        "response_format",
                        "{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":\"object\"}}}"));
        all.add(
                "answer schema not strict",
                all.with(
                        "response_format",
                        "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"strict\":true,\"schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}"));
        all.add("modality unknown", all.with("modalities", "[\"video\"]"));
        var alone = all.with("top_logprobs", "3");
        alone.remove("logprobs");
        all.add("top_logprobs alone", alone);
        all.add("logprobs no flag", all.with("logprobs", "5"));
        all.add(
                "web search on another model",
                all.with("web_search_options", "{\"search_context_size\":\"huge\"}"));
        var options = all.with("stream_options", "{\"include_usage\":true}");
        options.remove("stream");
        all.add("stream_options without stream", options);
    }

    private static void messages(Mutations all) {
        var messages = all.copy().path("messages");
        for (int i = 0; i < messages.size(); i++) {
            all.add("role unknown", all.with("/messages/" + i, "role", "\"model\""));
            all.add("role capitalised", all.with("/messages/" + i, "role", "\"User\""));
            if (!messages.get(i).path("role").asText().equals("assistant")) {
                all.add("content null", all.with("/messages/" + i, "content", "null"));
            }
            all.add("content empty list", all.with("/messages/" + i, "content", "[]"));
            all.add(
                    "content of another vendor's kind",
                    all.with(
                            "/messages/" + i,
                            "content",
                            "[{\"type\":\"tool_use\",\"id\":\"x\",\"name\":\"y\",\"input\":{}}]"));
            pairing(all, messages.get(i), i);
        }
    }

    private static void pairing(Mutations all, JsonNode message, int i) {
        if (message.path("role").asText().equals("tool")) {
            all.add(
                    "result of no call",
                    all.with("/messages/" + i, "tool_call_id", "\"call_nonesuch\""));
            all.add("result removed", all.without("messages", i));
            all.add("result twice", all.twice("messages", i));
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
            all.add("calls an empty list", all.with("/messages/" + i, "tool_calls", "[]"));
        }
    }

    private static void tools(Mutations all) {
        var tools = all.copy().path("tools");
        for (int i = 0; i < tools.size(); i++) {
            all.add("tool name twice", all.twice("tools", i));
            all.add(
                    "tool name with blanks",
                    all.with("/tools/" + i + "/function", "name", "\"a tool\""));
            all.add(
                    "tool name too long",
                    all.with("/tools/" + i + "/function", "name", "\"" + "n".repeat(65) + "\""));
            all.add(
                    "tool schema no object",
                    all.with("/tools/" + i + "/function", "parameters", "{\"type\":\"array\"}"));
            all.add(
                    "tool schema malformed",
                    all.with(
                            "/tools/" + i + "/function",
                            "parameters",
                            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"str\"}}}"));
            all.add("tool type unknown", all.with("/tools/" + i, "type", "\"retrieval\""));
        }
        all.add("tool_choice unknown", all.with("tool_choice", "\"any\""));
        all.add(
                "tool_choice of no tool",
                all.with(
                        "tool_choice",
                        "{\"type\":\"function\",\"function\":{\"name\":\"nonesuch\"}}"));
        all.add("tools an object", all.with("tools", "{}"));
        all.add("tools an empty list", all.with("tools", "[]"));
        if (tools.isEmpty()) {
            all.add("tool_choice without tools", all.with("tool_choice", "\"auto\""));
            all.add("parallel calls without tools", all.with("parallel_tool_calls", "false"));
        }
    }
}
