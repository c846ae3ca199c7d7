package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decodes tools, web search among them, and the choice. */
final class ToolDecoder {
    private static final Set<String> FUNCTION =
            Set.of("type", "name", "description", "input_schema", "strict", "cache_control");

    /** Others stream arguments as they make them, and are not asked to. */
    private static final Set<String> HINTS = Set.of("eager_input_streaming");

    private static final Set<String> SEARCH =
            Set.of(
                    "name",
                    "max_uses",
                    "allowed_domains",
                    "blocked_domains",
                    "user_location",
                    "cache_control");

    private final ObjectNode body;
    private final List<Tool> tools = new ArrayList<>();
    private @Nullable WebSearch webSearch;
    private @Nullable ToolChoice choice;
    private @Nullable Boolean parallel;

    ToolDecoder(ObjectNode body) {
        this.body = body;
    }

    List<Tool> tools() {
        return tools;
    }

    @Nullable WebSearch webSearch() {
        return webSearch;
    }

    @Nullable ToolChoice choice() {
        return choice;
    }

    @Nullable Boolean parallel() {
        return parallel;
    }

    void decode() {
        List<JsonNode> nodes = Fields.array(body, "tools", "");
        for (int i = 0; i < nodes.size(); i++) {
            boolean last = i == nodes.size() - 1;
            tool(Fields.object(nodes.get(i), "/tools/" + i), "/tools/" + i, last ? -1 : i);
        }
        ObjectNode wanted = Fields.object(body, "tool_choice", "");
        if (wanted != null) {
            choice = choice(wanted);
            Boolean single = Fields.bool(wanted, "disable_parallel_tool_use", "/tool_choice");
            parallel = single == null ? null : !single;
        }
    }

    private void tool(ObjectNode tool, String pointer, int searchIndex) {
        String type = Fields.text(tool, "type", pointer);
        if (type == null || type.equals("custom")) {
            tools.add(function(tool, pointer));
        } else if (type.startsWith("web_search_") && webSearch == null) {
            webSearch = search(tool, pointer, searchIndex);
        } else {
            tools.add(new Tool.Vendor(Api.NAME, tool));
        }
    }

    private static Tool.Function function(ObjectNode tool, String pointer) {
        ObjectNode schema = Fields.object(tool, "input_schema", pointer);
        if (schema == null) {
            throw Fields.bad(pointer + "/input_schema", "missing", "a JSON Schema");
        }
        Boolean strict = Fields.bool(tool, "strict", pointer);
        return new Tool.Function(
                Fields.requiredText(tool, "name", pointer),
                Fields.text(tool, "description", pointer),
                schema,
                strict,
                ContentDecoder.cache(tool, pointer),
                extras(tool, schema, Boolean.TRUE.equals(strict)));
    }

    /** A strict schema that we would say otherwise goes to Anthropic as its own client said it. */
    private static Extras extras(ObjectNode tool, ObjectNode schema, boolean strict) {
        ObjectNode rest = rest(tool, FUNCTION);
        boolean only = HINTS.containsAll(names(rest));
        if (strict && !SchemaReducer.reduce(schema, new Losses(true), "").schema().equals(schema)) {
            rest.set("input_schema", schema);
        } else if (rest.isEmpty()) {
            return Extras.NONE;
        }
        return only ? new Extras(Map.of(Api.NAME, rest), true) : Extras.of(Api.NAME, rest);
    }

    private static Set<String> names(ObjectNode fields) {
        return fields.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static WebSearch search(ObjectNode tool, String pointer, int index) {
        ObjectNode rest = rest(tool, SEARCH);
        if (rest.path("type").asText().equals(Api.WEB_SEARCH)) {
            rest.remove("type");
        }
        boolean plain = asksNothingMore(rest);
        if (index >= 0) {
            rest.put(ToolEncoder.INDEX, index);
        }
        return new WebSearch(
                WebSearch.Via.AUTO,
                Fields.integer(tool, "max_uses", pointer, 1),
                Fields.texts(tool, "allowed_domains", pointer),
                Fields.texts(tool, "blocked_domains", pointer),
                location(tool, pointer),
                ContentDecoder.cache(tool, pointer),
                rest.isEmpty() || !plain
                        ? Extras.of(Api.NAME, rest)
                        : new Extras(Map.of(Api.NAME, rest), true));
    }

    /** Another version, called by the model itself: so do other vendors' searches. */
    private static boolean asksNothingMore(ObjectNode rest) {
        ObjectNode more = rest.deepCopy();
        more.remove("type");
        JsonNode callers = more.path("allowed_callers");
        if (callers.size() == 1 && callers.path(0).asText().equals("direct")) {
            more.remove("allowed_callers");
        }
        return more.isEmpty();
    }

    private static WebSearch.@Nullable Location location(ObjectNode tool, String pointer) {
        ObjectNode location = Fields.object(tool, "user_location", pointer);
        if (location == null) {
            return null;
        }
        String at = pointer + "/user_location";
        return new WebSearch.Location(
                Fields.text(location, "city", at),
                Fields.text(location, "region", at),
                Fields.text(location, "country", at),
                Fields.text(location, "timezone", at));
    }

    private static ObjectNode rest(ObjectNode tool, Set<String> known) {
        ObjectNode rest = Json.object();
        for (var entry : tool.properties()) {
            if (!known.contains(entry.getKey()) && !entry.getValue().isNull()) {
                rest.set(entry.getKey(), entry.getValue());
            }
        }
        return rest;
    }

    private static ToolChoice choice(ObjectNode wanted) {
        String type = Fields.requiredText(wanted, "type", "/tool_choice");
        return switch (type) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "any" -> new ToolChoice.Required();
            case "tool" ->
                    new ToolChoice.Named(Fields.requiredText(wanted, "name", "/tool_choice"));
            default -> throw Fields.bad("/tool_choice/type", type, "auto, any, tool or none");
        };
    }
}
