package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Mutations;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Good recorded requests to Responses, and for embeddings, with one thing wrong are refused. */
class ResponsesMutationTest {
    /** What belongs to the caller, to another server, or to what the vendor found. */
    private static final Set<String> FREE =
            Set.of(
                    "schema",
                    "parameters",
                    "logprobs",
                    "metadata",
                    "headers",
                    "variables",
                    "results",
                    "outputs",
                    "action",
                    "error",
                    "arguments");

    private static final Map<String, List<String>> REQUIRED =
            Map.ofEntries(
                    Map.entry("role=user", List.of("role", "content")),
                    Map.entry("role=system", List.of("role", "content")),
                    Map.entry("role=assistant", List.of("role", "content")),
                    Map.entry("type=input_text", List.of("type", "text")),
                    Map.entry("type=output_text", List.of("type", "text")),
                    Map.entry("type=refusal", List.of("type", "refusal")),
                    Map.entry(
                            "type=function_call", List.of("type", "call_id", "name", "arguments")),
                    Map.entry("type=function_call_output", List.of("type", "call_id", "output")),
                    Map.entry("type=reasoning", List.of("type", "summary")),
                    Map.entry("type=summary_text", List.of("type", "text")),
                    Map.entry("type=compaction", List.of("encrypted_content")),
                    Map.entry("type=file_search", List.of("vector_store_ids")),
                    Map.entry("type=mcp", List.of("server_label", "server_url")),
                    Map.entry("type=json_schema", List.of("type", "name", "schema")),
                    Map.entry("type=code_interpreter", List.of("container")),
                    Map.entry("type=url_citation", List.of("url", "start_index", "end_index")),
                    Map.entry("tools[]", List.of("type")),
                    Map.entry("tool_choice", List.of("type")),
                    Map.entry("moderation", List.of("model")));

    private final ResponsesValidator validator =
            new ResponsesValidator(new ResponsesMemory(true), OpenAiResponses.seals());

    @Test
    void oneFieldMutationsOfGoodRequestsAreRefused() {
        Mutations.assertRefused(
                "openai responses",
                Corpus.of("openai", "responses"),
                FREE,
                REQUIRED,
                (_, mutations) -> {
                    top(mutations);
                    reasoning(mutations);
                    input(mutations);
                    tools(mutations);
                },
                (exchange, body) ->
                        validator.check(exchange.ask(body), "recorded") instanceof Verdict.Bad);
    }

    @Test
    void oneFieldMutationsOfRequestsForEmbeddingsAreRefused() {
        Mutations.assertRefused(
                "openai embeddings",
                Corpus.of("openai", "embeddings"),
                Set.of("input"),
                Map.of("", List.of("model", "input")),
                (_, all) -> {
                    all.add("no input", all.with("input", "[]"));
                    all.add("input null", all.with("input", "null"));
                    all.add("input an object", all.with("input", "{\"text\":\"a\"}"));
                    all.add("mixed input", all.with("input", "[\"a\",[1]]"));
                    all.add("dimensions of 0", all.with("dimensions", "0"));
                    all.add("too many dimensions", all.with("dimensions", "5000"));
                    all.add("encoding unknown", all.with("encoding_format", "\"int8\""));
                    all.add("another vendor's task", all.with("task_type", "\"QUERY\""));
                    all.add("model unknown", all.with("model", "\"gpt-4o\""));
                },
                (exchange, body) ->
                        EmbeddingRules.check(exchange.ask(body)) instanceof Verdict.Bad);
    }

    private static void top(Mutations all) {
        if (!all.copy().has("prompt")) {
            all.add("no model", all.with("model", "null"));
        }
        all.add("model unknown", all.with("model", "\"gpt-nonesuch\""));
        all.add("model of another API", all.with("model", "\"gpt-4o-search-preview\""));
        all.add("temperature too high", all.with("temperature", "2.5"));
        all.add("top_p below 0", all.with("top_p", "-0.1"));
        all.add("too few tokens", all.with("max_output_tokens", "15"));
        all.add("too many tokens", all.with("max_output_tokens", "5000000"));
        all.add("tokens with a fraction", all.with("max_output_tokens", "50.5"));
        for (var field :
                List.of("max_tokens", "max_completion_tokens", "n", "seed", "stop", "top_k")) {
            all.add("Chat's " + field, all.with(field, "1"));
        }
        all.add("Chat's messages", all.with("messages", "[]"));
        all.add("Chat's response_format", all.with("response_format", "{\"type\":\"text\"}"));
        all.add("Chat's usage in the stream", usageInStream(all));
        all.add("service_tier unknown", all.with("service_tier", "\"turbo\""));
        all.add("include unknown", all.with("include", "[\"everything\"]"));
        all.add("truncation unknown", all.with("truncation", "\"always\""));
        all.add("metadata of numbers", all.with("metadata", "{\"a\":1}"));
        all.add("format unknown", all.with("text", "{\"format\":{\"type\":\"xml\"}}"));
        all.add(
                "format nested as on Chat",
                all.with(
                        "text",
                        "{\"format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":{\"type\":\"object\"}}}}"));
        all.add(
                "answer schema not strict",
                all.with(
                        "text",
                        "{\"format\":{\"type\":\"json_schema\",\"name\":\"a\",\"strict\":true,\"schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}"));
        all.add("verbosity unknown", all.with("text", "{\"verbosity\":\"chatty\"}"));
        var kept = all.with("background", "true");
        kept.put("store", false);
        all.add("background without store", kept);
        var both = all.with("previous_response_id", "\"resp_1\"");
        both.put("conversation", "conv_1");
        all.add("two ways to continue", both);
    }

    private static ObjectNode usageInStream(Mutations all) {
        return all.with("stream_options", "{\"include_usage\":true}");
    }

    private static void reasoning(Mutations all) {
        all.add("effort unknown", all.with("reasoning", "{\"effort\":\"extreme\"}"));
        all.add("effort at the top", all.with("reasoning_effort", "\"low\""));
        all.add("summary unknown", all.with("reasoning", "{\"summary\":\"long\"}"));
        all.add("mode unknown", all.with("reasoning", "{\"mode\":\"max\"}"));
        all.add("thinking of another vendor", all.with("thinking", "{\"type\":\"enabled\"}"));
    }

    private static void input(Mutations all) {
        if (!all.copy().has("prompt") && !continues(all.copy())) {
            all.add("no input", all.with("input", "[]"));
            all.add("input null", all.with("input", "null"));
        }
        var items = all.copy().path("input");
        for (int i = 0; i < items.size(); i++) {
            var at = "/input/" + i;
            all.add("type unknown", all.with(at, "type", "\"tool_use\""));
            all.add("id too long", all.with(at, "id", "\"" + "i".repeat(65) + "\""));
            var item = items.get(i);
            if (item.has("role") && !item.path("type").asText().equals("additional_tools")) {
                message(all, item, at);
            }
            call(all, item, i);
        }
    }

    private static boolean continues(JsonNode request) {
        return request.hasNonNull("previous_response_id") || request.hasNonNull("conversation");
    }

    private static void message(Mutations all, JsonNode item, String at) {
        all.add("role unknown", all.with(at, "role", "\"tool\""));
        all.add("content null", all.with(at, "content", "null"));
        all.add("content empty list", all.with(at, "content", "[]"));
        all.add(
                "content as on Chat",
                all.with(at, "content", "[{\"type\":\"text\",\"text\":\"x\"}]"));
        all.add(
                "image as on Chat",
                all.with(
                        at,
                        "content",
                        "[{\"type\":\"input_image\",\"image_url\":{\"url\":\"https://a.example/b.png\"}}]"));
        boolean assistant = item.path("role").asText().equals("assistant");
        var other = assistant ? "input_text" : "output_text";
        all.add(
                "parts of the other side",
                all.with(at, "content", "[{\"type\":\"" + other + "\",\"text\":\"x\"}]"));
    }

    private static void call(Mutations all, JsonNode item, int i) {
        var at = "/input/" + i;
        switch (item.path("type").asText()) {
            case "function_call" -> {
                all.add("call renumbered", all.with(at, "call_id", "\"call_other\""));
                all.add("call's arguments an object", all.with(at, "arguments", "{}"));
                all.add("call with a foreign id", all.with(at, "id", "\"toolu_1\""));
            }
            case "function_call_output" -> {
                if (!continues(all.copy())) {
                    all.add("output of no call", all.with(at, "call_id", "\"call_nonesuch\""));
                }
                if (callIn(all.copy().path("input"), item.path("call_id").asText())) {
                    all.add("output removed", all.without("input", i));
                }
                all.add("output an object", all.with(at, "output", "{}"));
            }
            case "reasoning" -> {
                all.add(
                        "foreign encrypted content",
                        all.with(at, "encrypted_content", "\"ErUBCkYIBBgCIkAOLwDXty2U\""));
                if (item.has("id")) {
                    all.add("reasoning twice", all.twice("input", i));
                }
            }
            default -> {
                // Nothing more to get wrong.
            }
        }
    }

    private static boolean callIn(JsonNode items, String callId) {
        for (var item : items) {
            if (item.path("type").asText().equals("function_call")
                    && item.path("call_id").asText().equals(callId)) {
                return true;
            }
        }
        return false;
    }

    private static void tools(Mutations all) {
        var tools = all.copy().path("tools");
        for (int i = 0; i < tools.size(); i++) {
            var at = "/tools/" + i;
            all.add("tool type unknown", all.with(at, "type", "\"retrieval\""));
            if (tools.get(i).path("type").asText().equals("function")) {
                function(all, i, at);
            }
            if (tools.get(i).path("type").asText().startsWith("web_search")) {
                all.add("context size", all.with(at, "search_context_size", "\"huge\""));
                all.add("xAI's domains", all.with(at, "allowed_domains", "[\"example.org\"]"));
                all.add(
                        "place as on Chat",
                        all.with(
                                at,
                                "user_location",
                                "{\"type\":\"approximate\",\"approximate\":{\"city\":\"Oslo\"}}"));
            }
        }
        all.add("tool_choice unknown", all.with("tool_choice", "\"any\""));
        all.add(
                "tool_choice as on Chat",
                all.with(
                        "tool_choice",
                        "{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}"));
        all.add(
                "tool_choice of no tool",
                all.with("tool_choice", "{\"type\":\"function\",\"name\":\"nonesuch\"}"));
        all.add("tools an object", all.with("tools", "{}"));
        if (tools.isEmpty() && all.copy().path("input").findValue("tools") == null) {
            all.add("a call required without tools", all.with("tool_choice", "\"required\""));
        }
    }

    private static void function(Mutations all, int i, String at) {
        all.add("tool name twice", all.twice("tools", i));
        all.add("tool name with blanks", all.with(at, "name", "\"a tool\""));
        all.add("tool name too long", all.with(at, "name", "\"" + "n".repeat(65) + "\""));
        all.add("tool as on Chat", all.with(at, "function", "{\"name\":\"a\"}"));
        all.add("tool schema no object", all.with(at, "parameters", "{\"type\":\"array\"}"));
        all.add(
                "tool schema malformed",
                all.with(
                        at,
                        "parameters",
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"str\"}}}"));
    }
}
