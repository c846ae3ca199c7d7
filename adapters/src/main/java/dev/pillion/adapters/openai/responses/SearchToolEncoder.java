package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.openai.Merge;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders the vendor's own web search as a tool. */
final class SearchToolEncoder {
    /** Among the search's own fields: where it stood among the tools, when it was not the last. */
    static final String INDEX = "@index";

    private static final String TYPE = "web_search";

    private final WebSearch search;
    private final ResponsesQuirks quirks;
    private final Losses losses;
    private final ObjectNode own;
    private final boolean cameAsTool;

    SearchToolEncoder(WebSearch search, ResponsesQuirks quirks, Losses losses) {
        this.search = search;
        this.quirks = quirks;
        this.losses = losses;
        losses.loseForeign(search.extras(), quirks.provider(), "/websearch");
        this.own = RawParts.copy(search.extras(), quirks.provider());
        this.cameAsTool = search.extras().forVendor(quirks.provider()) != null;
    }

    void addTo(ArrayNode tools, ObjectNode body) {
        if (search.via() == WebSearch.Via.INJECT) {
            losses.lose("/websearch/via", "a search by the vendor, where injection is asked for");
        }
        boolean othersToo = hasOthers(tools);
        JsonNode index = own.remove(INDEX);
        int at = index == null ? tools.size() : Math.clamp(index.asInt(), 0, tools.size());
        tools.insert(at, tool());
        bound(othersToo, body);
    }

    /** Tools that the vendor runs and counts together with its searches. */
    private static boolean hasOthers(ArrayNode tools) {
        for (JsonNode tool : tools) {
            String type = tool.path("type").asText();
            if (!type.equals("function") && !type.equals("custom")) {
                return true;
            }
        }
        return false;
    }

    private void bound(boolean othersToo, ObjectNode body) {
        if (search.maxUses() == null) {
            return;
        }
        if (quirks.search().maxCalls() && !othersToo) {
            body.put("max_tool_calls", search.maxUses());
        } else {
            losses.lose("/websearch/max_uses", "the number of searches can't be bounded here");
        }
    }

    private ObjectNode tool() {
        ObjectNode tool = Json.object().put("type", own.path("type").asText(TYPE));
        domains(tool);
        location(tool);
        own.remove("type");
        Merge.into(tool, own);
        return tool;
    }

    private void domains(ObjectNode tool) {
        List<String> allowed = within(search.allowedDomains(), "/websearch/allowed_domains");
        List<String> blocked = within(search.blockedDomains(), "/websearch/blocked_domains");
        if (!allowed.isEmpty() && !blocked.isEmpty() && !quirks.search().bothLists()) {
            losses.lose("/websearch/blocked_domains", "allowed or blocked domains, not both");
            blocked = List.of();
        }
        if (allowed.isEmpty() && blocked.isEmpty()) {
            return;
        }
        String filters = quirks.search().filters();
        ObjectNode target = filters.isEmpty() ? tool : tool.putObject(filters);
        list(target, "allowed_domains", allowed);
        list(target, quirks.search().blockedName(), blocked);
    }

    private List<String> within(List<String> domains, String pointer) {
        int max = quirks.search().maxDomains();
        if (domains.size() <= max) {
            return domains;
        }
        losses.lose(pointer, domains.size() + " domains (expected: at most " + max + " here)");
        return List.of();
    }

    private static void list(ObjectNode target, String name, List<String> domains) {
        if (!domains.isEmpty()) {
            ArrayNode list = target.putArray(name);
            domains.forEach(list::add);
        }
    }

    /** Without a word of it the vendor takes the country that it comes from. */
    private void location(ObjectNode tool) {
        WebSearch.Location location = search.location();
        boolean typed = quirks.search().typedLocation();
        if (location == null && (cameAsTool || !typed)) {
            return;
        }
        ObjectNode node = tool.putObject("user_location");
        if (typed) {
            node.put("type", "approximate");
        }
        if (location != null) {
            put(node, "city", location.city());
            put(node, "region", location.region());
            put(node, "country", location.country());
            put(node, "timezone", location.timezone());
        }
    }

    private static void put(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }
}
