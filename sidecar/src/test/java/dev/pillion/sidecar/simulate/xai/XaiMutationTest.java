package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Mutations;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Good recorded requests with one thing wrong are refused. */
class XaiMutationTest {
    private static final Set<String> FREE = Set.of("schema", "parameters");
    private static final Map<String, List<String>> COMMON =
            Map.ofEntries(
                    Map.entry("role=user", List.of("role", "content")),
                    Map.entry("role=system", List.of("role", "content")),
                    Map.entry("role=tool", List.of("content", "tool_call_id")),
                    Map.entry("type=text", List.of("type")),
                    Map.entry("type=image_url", List.of("type", "image_url")),
                    Map.entry("image_url", List.of("url")),
                    Map.entry("tool_calls[]", List.of("id", "type", "function")),
                    Map.entry("json_schema", List.of("name", "schema")),
                    Map.entry("type=input_text", List.of("type", "text")),
                    Map.entry(
                            "type=function_call", List.of("type", "call_id", "name", "arguments")),
                    Map.entry("type=function_call_output", List.of("type", "call_id", "output")),
                    Map.entry("type=reasoning", List.of("type", "summary")),
                    Map.entry("", List.of("model", "messages", "input")));

    private final XaiValidator validator =
            new XaiValidator(new XaiModels(true), new ResponsesMemory(true), XaiValidator.seals());

    @Test
    void oneFieldMutationsOfGoodChatRequestsAreRefused() {
        Mutations.assertRefused(
                "xai chat",
                Corpus.of("xai", "chat.completions"),
                FREE,
                COMMON,
                (_, all) -> {
                    settings(all);
                    all.add("no messages", all.with("messages", "[]"));
                    all.add("nine logprobs", all.with("top_logprobs", "9"));
                    all.add("live search", all.with("search_parameters", "{\"mode\":\"auto\"}"));
                    all.add("token bias", all.with("logit_bias", "{\"1\":5}"));
                    all.add("store", all.with("store", "false"));
                    all.add("effort unknown", all.with("reasoning_effort", "\"max\""));
                    messages(all);
                    functions(all, "/function");
                },
                (exchange, body) -> validator.chat(exchange.ask(body)) instanceof Verdict.Bad);
    }

    @Test
    void oneFieldMutationsOfGoodResponsesRequestsAreRefused() {
        Mutations.assertRefused(
                "xai responses",
                Corpus.of("xai", "responses"),
                FREE,
                COMMON,
                (_, all) -> {
                    settings(all);
                    for (var field : List.of("stop", "n", "presence_penalty", "logit_bias")) {
                        all.add("Chat's " + field, all.with(field, "1"));
                    }
                    all.add("OpenAI's verbosity", all.with("text", "{\"verbosity\":\"low\"}"));
                    all.add("OpenAI's prompt", all.with("prompt", "{\"id\":\"x\"}"));
                    all.add("effort unknown", all.with("reasoning", "{\"effort\":\"max\"}"));
                    all.add("mode of OpenAI's", all.with("reasoning", "{\"mode\":\"pro\"}"));
                    all.add("include unknown", all.with("include", "[\"everything\"]"));
                    all.add("background", all.with("background", "true"));
                    search(all);
                    items(all);
                    functions(all, "");
                },
                (exchange, body) ->
                        validator.responses(exchange.ask(body), "recorded") instanceof Verdict.Bad);
    }

    private static void settings(Mutations all) {
        all.add("model unknown", all.with("model", "\"grok-nonesuch\""));
        all.add("temperature too high", all.with("temperature", "2.5"));
        all.add("top_p below 0", all.with("top_p", "-0.1"));
        all.add("service_tier unknown", all.with("service_tier", "\"flex\""));
        all.add("another vendor's thinking", all.with("thinking", "{\"type\":\"enabled\"}"));
        all.add("tool_choice unknown", all.with("tool_choice", "\"any\""));
        all.add(
                "tool_choice of OpenAI's",
                all.with(
                        "tool_choice",
                        "{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[]}"));
        all.add("tools an object", all.with("tools", "{}"));
        all.add(
                "tool of another kind",
                all.with("tools", "[{\"type\":\"custom\",\"name\":\"a\"}]"));
    }

    private static void messages(Mutations all) {
        var messages = all.copy().path("messages");
        for (int i = 0; i < messages.size(); i++) {
            var at = "/messages/" + i;
            all.add("role unknown", all.with(at, "role", "\"model\""));
            all.add("content empty list", all.with(at, "content", "[]"));
            all.add(
                    "content of Responses",
                    all.with(at, "content", "[{\"type\":\"input_text\",\"text\":\"x\"}]"));
            if (messages.get(i).path("role").asText().equals("tool")) {
                all.add("result of no call", all.with(at, "tool_call_id", "\"call_nonesuch\""));
                all.add("result removed", all.without("messages", i));
                all.add("result twice", all.twice("messages", i));
            }
        }
    }

    private static void search(Mutations all) {
        for (var bad :
                List.of(
                        "\"allowed_domains\":[\"a.b\",\"b.c\",\"c.d\",\"d.e\",\"e.f\",\"f.g\"]",
                        "\"allowed_domains\":[\"a.b\"],\"excluded_domains\":[\"b.c\"]",
                        "\"filters\":{\"allowed_domains\":[\"a.b\"],\"excluded_domains\":[\"c.d\"]}",
                        "\"filters\":{\"blocked_domains\":[\"a.b\"]}",
                        "\"search_context_size\":\"low\"")) {
            all.add(
                    "search of another kind",
                    all.with("tools", "[{\"type\":\"web_search\"," + bad + "}]"));
        }
        all.add("search forced", all.with("tool_choice", "{\"type\":\"web_search\"}"));
        all.add(
                "dates of X",
                all.with("tools", "[{\"type\":\"x_search\",\"from_date\":\"yesterday\"}]"));
    }

    private static void items(Mutations all) {
        var items = all.copy().path("input");
        for (int i = 0; i < items.size(); i++) {
            var at = "/input/" + i;
            all.add("item type unknown", all.with(at, "type", "\"item_reference\""));
            switch (items.get(i).path("type").asText()) {
                case "function_call" ->
                        all.add("call renumbered", all.with(at, "call_id", "\"call_other\""));
                case "function_call_output" -> all.add("output removed", all.without("input", i));
                case "reasoning" ->
                        all.add(
                                "foreign encrypted content",
                                all.with(at, "encrypted_content", "\"gAAAA_B-x\""));
                default -> message(all, items.get(i), at);
            }
        }
    }

    private static void message(Mutations all, JsonNode item, String at) {
        if (item.has("role")) {
            all.add("role unknown", all.with(at, "role", "\"tool\""));
            all.add("content empty list", all.with(at, "content", "[]"));
            all.add(
                    "content of Chat",
                    all.with(at, "content", "[{\"type\":\"text\",\"text\":\"x\"}]"));
            all.add(
                    "file with its bytes",
                    all.with(
                            at,
                            "content",
                            "[{\"type\":\"input_file\",\"file_data\":\"data:application/pdf;base64,AAAA\"}]"));
        }
    }

    private static void functions(Mutations all, String nested) {
        var tools = all.copy().path("tools");
        for (int i = 0; i < tools.size(); i++) {
            var at = "/tools/" + i + nested;
            if (tools.get(i).path("type").asText().equals("function")) {
                all.add("tool name twice", all.twice("tools", i));
                all.add("tool name with blanks", all.with(at, "name", "\"a tool\""));
                all.add(
                        "tool schema malformed",
                        all.with(at, "parameters", "{\"type\":\"object\",\"required\":\"x\"}"));
                all.add(
                        "tool schema no object",
                        all.with(at, "parameters", "{\"type\":\"array\"}"));
            }
        }
        if (tools.isEmpty()) {
            all.add("a call required without tools", all.with("tool_choice", "\"required\""));
        }
    }
}
