package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** What Anthropic Messages takes for the same in a request; source: Anthropic Messages API. */
public final class AnthropicRules {
    public static final List<Meaning.Rule> REQUEST =
            List.of(
                    rule(
                            "null is absent",
                            "nullable optional fields default to what their absence says",
                            AnthropicRules::dropNulls),
                    rule(
                            "stream false is absent",
                            "false is the default",
                            r -> dropIf(r, "stream", "false")),
                    rule(
                            "output_format is output_config.format",
                            "the older name of the same field",
                            AnthropicRules::outputFormat),
                    rule(
                            "empty lists are absent",
                            "no tool, stop or instruction is the same as none listed",
                            AnthropicRules::emptyLists),
                    rule(
                            "a string is one text block",
                            "the documented shorthand",
                            AnthropicRules::shorthand),
                    rule(
                            "blank text is none",
                            "the vendor refuses text blocks without text, so there is none to keep",
                            AnthropicRules::blankText),
                    rule(
                            "defaults of blocks are absent",
                            "is_error false, a direct caller and a cache life of five minutes are"
                                    + " what absence means",
                            AnthropicRules::blockDefaults),
                    rule(
                            "consecutive messages of one role are one",
                            "the vendor merges them itself",
                            AnthropicRules::merge),
                    rule(
                            "defaults of tools are absent",
                            "type custom, and parallel use not disabled, are what absence means",
                            AnthropicRules::toolDefaults),
                    rule(
                            "tools are a set",
                            "they are told apart by name, and the model sees all of them",
                            AnthropicRules::sortTools));

    /** What is the same in an answer's message, when it comes again from this surface. */
    public static final List<Meaning.Rule> REPLY =
            List.of(
                    rule(
                            "null is absent",
                            "newer versions tell nullable fields that older ones left out",
                            AnthropicRules::dropNulls),
                    rule(
                            "a direct caller is absent",
                            "it is what absence means",
                            r -> blocks(r.path("content"), AnthropicRules::blockDefault)),
                    rule(
                            "no citations is absent",
                            "an empty list says as much as none",
                            r ->
                                    blocks(
                                            r.path("content"),
                                            block -> {
                                                if (block.path("citations").isEmpty()) {
                                                    block.remove("citations");
                                                }
                                            })),
                    rule(
                            "an empty text is none",
                            "it says nothing, and can't be sent back",
                            r -> removeBlocks(r.path("content"), AnthropicRules::isEmptyText)),
                    rule(
                            "usage by its sums",
                            "the uniform form has no word for geography, speed, fetches and"
                                    + " iterations; zero counts are absent ones",
                            AnthropicRules::usage));

    private AnthropicRules() {}

    private static Meaning.Rule rule(String name, String why, Consumer<ObjectNode> normalise) {
        return new Meaning.Rule(name, why, normalise);
    }

    private static void dropNulls(ObjectNode node) {
        List<String> nulls = new ArrayList<>();
        for (var entry : node.properties()) {
            if (entry.getValue().isNull()) {
                nulls.add(entry.getKey());
            } else if (!entry.getKey().equals("input")
                    && !entry.getKey().equals("input_schema")
                    && !entry.getKey().equals("schema")) {
                dropNullsIn(entry.getValue());
            }
        }
        node.remove(nulls);
    }

    private static void dropNullsIn(JsonNode value) {
        if (value instanceof ObjectNode object) {
            dropNulls(object);
        } else {
            value.forEach(AnthropicRules::dropNullsIn);
        }
    }

    private static void dropIf(ObjectNode node, String field, String value) {
        if (node.path(field).asText().equals(value)) {
            node.remove(field);
        }
    }

    private static void outputFormat(ObjectNode request) {
        JsonNode format = request.remove("output_format");
        if (format != null) {
            request.withObject("/output_config").set("format", format);
        }
    }

    private static void emptyLists(ObjectNode request) {
        for (String field : List.of("tools", "stop_sequences", "system")) {
            if (request.path(field).isEmpty() && !request.path(field).isTextual()) {
                request.remove(field);
            }
        }
    }

    private static void shorthand(ObjectNode request) {
        asBlocks(request, "system");
        for (JsonNode message : request.path("messages")) {
            if (message instanceof ObjectNode object) {
                asBlocks(object, "content");
                for (JsonNode block : object.path("content")) {
                    if (block.path("type").asText().equals("tool_result")) {
                        asBlocks((ObjectNode) block, "content");
                    }
                }
            }
        }
    }

    private static void asBlocks(ObjectNode node, String field) {
        if (node.path(field).isTextual()) {
            String text = node.path(field).asText();
            node.putArray(field).addObject().put("type", "text").put("text", text);
        }
    }

    private static void blankText(ObjectNode request) {
        removeBlocks(request.path("system"), AnthropicRules::isBlankText);
        for (JsonNode message : request.path("messages")) {
            removeBlocks(message.path("content"), AnthropicRules::isBlankText);
            for (JsonNode block : message.path("content")) {
                removeBlocks(block.path("content"), AnthropicRules::isBlankText);
                if (block.path("type").asText().equals("tool_result")
                        && block.path("content").isEmpty()) {
                    ((ObjectNode) block).remove("content");
                }
            }
        }
        emptyLists(request);
    }

    private static void removeBlocks(
            JsonNode blocks, java.util.function.Predicate<JsonNode> which) {
        if (blocks instanceof ArrayNode) {
            for (var it = blocks.elements(); it.hasNext(); ) {
                if (which.test(it.next())) {
                    it.remove();
                }
            }
        }
    }

    private static boolean isBlankText(JsonNode block) {
        return block.path("type").asText().equals("text") && block.path("text").asText().isBlank();
    }

    private static boolean isEmptyText(JsonNode block) {
        return block.path("type").asText().equals("text") && block.path("text").asText().isEmpty();
    }

    private static void blockDefaults(ObjectNode request) {
        blocks(request.path("system"), AnthropicRules::blockDefault);
        blocks(request.path("tools"), AnthropicRules::blockDefault);
        for (JsonNode message : request.path("messages")) {
            blocks(message.path("content"), AnthropicRules::blockDefault);
            for (JsonNode block : message.path("content")) {
                blocks(block.path("content"), AnthropicRules::blockDefault);
            }
        }
    }

    private static void blocks(JsonNode blocks, Consumer<ObjectNode> change) {
        if (blocks.isArray()) {
            for (JsonNode block : blocks) {
                if (block instanceof ObjectNode object) {
                    change.accept(object);
                }
            }
        }
    }

    private static void blockDefault(ObjectNode block) {
        dropIf(block, "is_error", "false");
        if (block.path("caller").path("type").asText().equals("direct")) {
            block.remove("caller");
        }
        if (block.path("cache_control") instanceof ObjectNode control) {
            dropIf(control, "ttl", "5m");
        }
    }

    private static void merge(ObjectNode request) {
        ArrayNode merged = Corpus.JSON.createArrayNode();
        for (JsonNode message : request.path("messages")) {
            JsonNode last = merged.path(merged.size() - 1);
            String role = message.path("role").asText();
            boolean same = !role.equals("system") && last.path("role").asText().equals(role);
            if (same && message.path("content").isArray()) {
                ((ArrayNode) last.path("content")).addAll((ArrayNode) message.path("content"));
            } else if (!message.path("content").isEmpty() || !message.isObject()) {
                merged.add(message);
            }
        }
        request.set("messages", merged);
    }

    private static void toolDefaults(ObjectNode request) {
        blocks(request.path("tools"), tool -> dropIf(tool, "type", "custom"));
        if (request.path("tool_choice") instanceof ObjectNode choice) {
            dropIf(choice, "disable_parallel_tool_use", "false");
        }
    }

    private static void sortTools(ObjectNode request) {
        if (request.path("tools").isArray()) {
            List<JsonNode> tools = new ArrayList<>();
            request.path("tools").forEach(tools::add);
            tools.sort(Comparator.comparing(t -> t.path("name").asText() + t.path("type")));
            request.putArray("tools").addAll(tools);
        }
    }

    private static void usage(ObjectNode message) {
        JsonNode raw = message.path("usage");
        if (raw instanceof ObjectNode usage) {
            usage.remove(List.of("inference_geo", "speed", "iterations"));
            for (String field : List.of("cache_creation_input_tokens", "cache_read_input_tokens")) {
                dropIf(usage, field, "0");
            }
            if (usage.path("server_tool_use") instanceof ObjectNode searches) {
                searches.remove("web_fetch_requests");
                dropIf(searches, "web_search_requests", "0");
            }
            if (usage.path("output_tokens_details") instanceof ObjectNode details) {
                dropIf(details, "thinking_tokens", "0");
            }
            // The parts of what was written are told with the message's start alone in a stream.
            usage.remove("cache_creation");
            for (String field : List.of("server_tool_use", "output_tokens_details")) {
                if (usage.path(field).isEmpty()) {
                    usage.remove(field);
                }
            }
        }
    }
}
