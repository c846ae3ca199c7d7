package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Corpus.Exchange;
import dev.pillion.sidecar.simulate.kit.Mutations;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Good recorded requests with one thing wrong are refused. */
class AnthropicMutationTest {
    private static final Set<String> FREE =
            Set.of("input", "input_schema", "schema", "tool", "tool_changes");
    private static final Map<String, List<String>> REQUIRED =
            Map.ofEntries(
                    Map.entry("", List.of("model", "max_tokens", "messages")),
                    Map.entry("role=user", List.of("role", "content")),
                    Map.entry("role=assistant", List.of("role", "content")),
                    Map.entry("role=system", List.of("role", "content")),
                    Map.entry("type=text", List.of("type")),
                    Map.entry("type=image", List.of("type", "source")),
                    Map.entry("type=document", List.of("type", "source")),
                    Map.entry("type=base64", List.of("type", "media_type", "data")),
                    Map.entry("type=url", List.of("type", "url")),
                    Map.entry("type=file", List.of("type", "file_id")),
                    Map.entry("type=thinking", List.of("type", "thinking", "signature")),
                    Map.entry("type=redacted_thinking", List.of("type", "data")),
                    Map.entry("type=tool_use", List.of("type", "id", "name", "input")),
                    Map.entry("type=tool_result", List.of("type", "tool_use_id")),
                    Map.entry("type=server_tool_use", List.of("type", "id", "name", "input")),
                    Map.entry(
                            "type=web_search_tool_result",
                            List.of("type", "tool_use_id", "content")),
                    Map.entry(
                            "type=web_search_result",
                            List.of("type", "url", "title", "encrypted_content")),
                    Map.entry("type=tool", List.of("type", "name")),
                    Map.entry("type=auto", List.of("type")),
                    Map.entry("type=enabled", List.of("type", "budget_tokens")),
                    Map.entry("type=json_schema", List.of("type", "schema")),
                    Map.entry("type=ephemeral", List.of("type")),
                    Map.entry("type=web_search_20250305", List.of("name")),
                    Map.entry("tools[]", List.of("name")));

    private final AnthropicValidator validator = new AnthropicValidator(new AnthropicSeals("test"));

    @Test
    void oneFieldMutationsOfGoodRequestsAreRefused() {
        Mutations.assertRefused(
                "anthropic",
                Corpus.of("anthropic", "messages"),
                FREE,
                REQUIRED,
                (exchange, mutations) -> {
                    top(mutations);
                    budget(exchange, mutations);
                    messages(mutations);
                    tools(mutations);
                },
                (exchange, body) -> validator.check(exchange.ask(body)) instanceof Verdict.Bad);
    }

    private static void budget(Exchange exchange, Mutations all) {
        // Between tool calls a budget may go beyond one answer's ceiling.
        if (!exchange.request().path("headers").toString().contains("interleaved")) {
            all.add(
                    "thinking budget beyond max_tokens",
                    all.with("thinking", "{\"type\":\"enabled\",\"budget_tokens\":9000000}"));
        }
    }

    private static void top(Mutations all) {
        all.add("max_tokens below 0", all.with("max_tokens", "-1"));
        all.add("max_tokens beyond the model", all.with("max_tokens", "1000000"));
        all.add("max_tokens with a fraction", all.with("max_tokens", "10.5"));
        all.add("no messages", all.with("messages", "[]"));
        all.add("model unknown", all.with("model", "\"claude-nonesuch-9\""));
        all.add("model empty", all.with("model", "\"\""));
        all.add("temperature too high", all.with("temperature", "1.5"));
        all.add("top_p below 0", all.with("top_p", "-0.1"));
        all.add("top_k below 0", all.with("top_k", "-5"));
        all.add("another vendor's field", all.with("frequency_penalty", "0.5"));
        all.add("service_tier unknown", all.with("service_tier", "\"fast\""));
        all.add("stop sequence blank", all.with("stop_sequences", "[\"  \"]"));
        all.add("stop_sequences no list", all.with("stop_sequences", "\"STOP\""));
        all.add("metadata unknown field", all.with("metadata", "{\"session\":\"x\"}"));
        all.add("system of another kind", all.with("system", "[{\"type\":\"image\"}]"));
        all.add(
                "system with empty text",
                all.with("system", "[{\"type\":\"text\",\"text\":\"\"}]"));
        all.add("thinking unknown", all.with("thinking", "{\"type\":\"maybe\"}"));
        all.add(
                "thinking budget too small",
                all.with("thinking", "{\"type\":\"enabled\",\"budget_tokens\":100}"));
        all.add("effort unknown", all.with("output_config", "{\"effort\":\"extreme\"}"));
        all.add(
                "answer schema open",
                all.with(
                        "output_config",
                        "{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}"));
        all.add("cache_control unknown", all.with("cache_control", "{\"type\":\"for_ever\"}"));
        all.add(
                "cache_control of another ttl",
                all.with("cache_control", "{\"type\":\"ephemeral\",\"ttl\":\"2h\"}"));
    }

    private static void messages(Mutations all) {
        var messages = all.copy().path("messages");
        for (int i = 0; i < messages.size(); i++) {
            all.add("role unknown", all.with("/messages/" + i, "role", "\"tool\""));
            all.add("role capitalised", all.with("/messages/" + i, "role", "\"User\""));
            all.add("content null", all.with("/messages/" + i, "content", "null"));
            if (i + 1 < messages.size()) {
                all.add("content empty list", all.with("/messages/" + i, "content", "[]"));
                all.add("content empty text", all.with("/messages/" + i, "content", "\"\""));
            }
            var content = messages.get(i).path("content");
            for (int j = 0; content.isArray() && j < content.size(); j++) {
                blocks(all, content.get(j), i, j);
            }
        }
    }

    private static void blocks(Mutations all, JsonNode block, int i, int j) {
        all.add(
                "block type unknown",
                all.with("/messages/" + i + "/content/" + j, "type", "\"video\""));
        if (block.path("type").asText().equals("text")) {
            all.add("text null", all.with("/messages/" + i + "/content/" + j, "text", "null"));
        }
        if (block.path("type").asText().equals("tool_result")) {
            all.add(
                    "result of no call",
                    all.with(
                            "/messages/" + i + "/content/" + j,
                            "tool_use_id",
                            "\"toolu_nonesuch\""));
            var lost = all.copy();
            ((ArrayNode) lost.path("messages").get(i).path("content")).remove(j);
            all.add("result removed", lost);
            var twice = all.copy();
            ((ArrayNode) twice.path("messages").get(i).path("content")).insert(j, block);
            all.add("result twice", twice);
        }
        if (block.path("type").asText().equals("tool_use")) {
            all.add(
                    "call renumbered",
                    all.with("/messages/" + i + "/content/" + j, "id", "\"toolu_other\""));
            all.add(
                    "call's input a string",
                    all.with("/messages/" + i + "/content/" + j, "input", "\"{}\""));
        }
        if (block.path("type").asText().equals("image")) {
            var source = all.copy();
            ((ObjectNode) source.path("messages").get(i).path("content").get(j).path("source"))
                    .put("media_type", "image/tiff");
            all.add("media type unknown", source);
        }
        if (block.path("type").asText().equals("server_tool_use")) {
            all.add(
                    "server call unknown",
                    all.with("/messages/" + i + "/content/" + j, "name", "\"browse\""));
        }
    }

    private static void tools(Mutations all) {
        var tools = all.copy().path("tools");
        for (int i = 0; i < tools.size(); i++) {
            if (tools.get(i).has("name")) {
                all.add("tool name twice", all.twice("tools", i));
            }
            if (tools.get(i).has("input_schema")) {
                all.add("tool name with blanks", all.with("/tools/" + i, "name", "\"a tool\""));
                all.add(
                        "tool name too long",
                        all.with("/tools/" + i, "name", "\"" + "n".repeat(129) + "\""));
                all.add(
                        "tool schema no object",
                        all.with("/tools/" + i, "input_schema", "{\"type\":\"array\"}"));
                all.add(
                        "tool schema malformed",
                        all.with(
                                "/tools/" + i,
                                "input_schema",
                                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"str\"}}}"));
            }
            all.add("tool type unknown", all.with("/tools/" + i, "type", "\"function\""));
        }
        all.add("tool_choice unknown", all.with("tool_choice", "{\"type\":\"required\"}"));
        all.add("tool_choice a string", all.with("tool_choice", "\"auto\""));
        all.add(
                "tool_choice of no tool",
                all.with("tool_choice", "{\"type\":\"tool\",\"name\":\"nonesuch\"}"));
        all.add("tools an object", all.with("tools", "{}"));
        var five = all.copy();
        var marked = five.putArray("system");
        for (int i = 0; i < 5; i++) {
            marked.addObject()
                    .put("type", "text")
                    .put("text", "x")
                    .putObject("cache_control")
                    .put("type", "ephemeral");
        }
        all.add("five cache marks", five);
    }
}
