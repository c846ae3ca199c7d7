package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.Fields;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The web search tool of a request, under any of its names. Domains stand in {@code filters}; xAI's
 * clients put them on the tool itself and call the blocked ones excluded.
 */
final class SearchTool {
    private static final String NAME = "web_search";
    private static final String PLACE = "user_location";
    private static final Set<String> KNOWN =
            Set.of(
                    NAME,
                    "filters",
                    PLACE,
                    "allowed_domains",
                    "blocked_domains",
                    "excluded_domains");
    private static final Set<String> DOMAINS =
            Set.of("allowed_domains", "blocked_domains", "excluded_domains");

    private SearchTool() {}

    static boolean is(String type) {
        return type.startsWith(NAME);
    }

    /**
     * The wish.
     *
     * @param index where the tool stands among the others
     */
    static WebSearch decode(ObjectNode tool, String type, int index, String at) {
        ObjectNode filters =
                tool.hasNonNull("filters")
                        ? Fields.object(tool.get("filters"), at + "/filters")
                        : tool.objectNode();
        ObjectNode rest = Fields.unknown(tool, KNOWN);
        if (type.equals(NAME)) {
            rest.remove("type");
        }
        ObjectNode more = Fields.unknown(filters, DOMAINS);
        if (!more.isEmpty()) {
            rest.set("filters", more);
        }
        List<String> allowed = new ArrayList<>();
        List<String> blocked = new ArrayList<>();
        domains(filters, at + "/filters", allowed, blocked);
        domains(tool, at, allowed, blocked);
        return new WebSearch(
                WebSearch.Via.AUTO,
                null,
                List.copyOf(allowed),
                List.copyOf(blocked),
                location(tool, at),
                null,
                new Extras(
                        Map.of(Marks.SPEAKS, rest.put(SearchToolEncoder.INDEX, index)),
                        isHint(rest)));
    }

    private static void domains(
            ObjectNode from, String at, List<String> allowed, List<String> blocked) {
        allowed.addAll(texts(from, "allowed_domains", at));
        blocked.addAll(texts(from, "blocked_domains", at));
        blocked.addAll(texts(from, "excluded_domains", at));
    }

    private static List<String> texts(ObjectNode from, String name, String at) {
        JsonNode list = from.get(name);
        List<String> texts = new ArrayList<>();
        if (list != null && !list.isNull()) {
            String pointer = at + "/" + name;
            for (JsonNode each : Fields.array(list, pointer)) {
                texts.add(Fields.string(each, pointer + "/" + texts.size()));
            }
        }
        return texts;
    }

    private static WebSearch.@Nullable Location location(ObjectNode tool, String at) {
        if (!tool.hasNonNull(PLACE)) {
            return null;
        }
        String pointer = at + "/" + PLACE;
        ObjectNode place = Fields.object(tool.get(PLACE), pointer);
        return new WebSearch.Location(
                Fields.stringOrNull(place, "city", pointer),
                Fields.stringOrNull(place, "region", pointer),
                Fields.stringOrNull(place, "country", pointer),
                Fields.stringOrNull(place, "timezone", pointer));
    }

    /** How much of the pages to read, and the tool's older names, are this vendor's nuances. */
    private static boolean isHint(ObjectNode rest) {
        for (Map.Entry<String, JsonNode> field : rest.properties()) {
            boolean hint =
                    switch (field.getKey()) {
                        case "type", "search_context_size", SearchToolEncoder.INDEX -> true;
                        case "external_web_access" -> field.getValue().asBoolean();
                        default -> false;
                    };
            if (!hint) {
                return false;
            }
        }
        return true;
    }
}
