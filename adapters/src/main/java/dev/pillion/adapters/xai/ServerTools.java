package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a caller asks of xAI's own tools in raw fields, put where tools and search have a place. */
final class ServerTools {
    static final String OPTIONS = "web_search_options";

    private ServerTools() {}

    /** The request with all its tools in one place. */
    static ChatRequest gathered(ChatRequest request, String provider) {
        List<Tool> tools = new ArrayList<>(request.tools());
        Map<String, ObjectNode> vendor = new HashMap<>(request.vendor());
        for (String key : new String[] {Names.SPEAKS, provider}) {
            ObjectNode raw = vendor.get(key);
            if (raw != null && raw.get("tools") instanceof ArrayNode own) {
                add(own, tools);
                ObjectNode rest = raw.deepCopy();
                rest.remove("tools");
                vendor.put(key, rest);
            }
        }
        WebSearch search = search(request);
        boolean same =
                tools.size() == request.tools().size()
                        && Objects.equals(search, request.webSearch());
        return same ? request : with(request, tools, search, vendor);
    }

    /** The search that models of Chat Completions once had is a tool at xAI. */
    private static @Nullable WebSearch search(ChatRequest request) {
        ObjectNode raw = request.extras().forVendor(Names.OPENAI);
        if (request.webSearch() != null || raw == null || !raw.has(OPTIONS)) {
            return request.webSearch();
        }
        JsonNode place = raw.path(OPTIONS).path("user_location").path("approximate");
        WebSearch.Location location =
                place.isObject()
                        ? new WebSearch.Location(
                                text(place, "city"),
                                text(place, "region"),
                                text(place, "country"),
                                text(place, "timezone"))
                        : null;
        // How much of the pages to read is a hint that xAI has no word for.
        return new WebSearch(
                WebSearch.Via.NATIVE, null, List.of(), List.of(), location, null, Extras.NONE);
    }

    private static @Nullable String text(JsonNode from, String name) {
        return from.path(name).isTextual() ? from.path(name).textValue() : null;
    }

    private static void add(ArrayNode own, List<Tool> tools) {
        for (JsonNode each : own) {
            if (each instanceof ObjectNode definition) {
                tools.add(new Tool.Vendor(Names.SPEAKS, definition));
            }
        }
    }

    private static ChatRequest with(
            ChatRequest request,
            List<Tool> tools,
            @Nullable WebSearch search,
            Map<String, ObjectNode> vendor) {
        return new ChatRequest(
                request.model(),
                request.modelClass(),
                request.needs(),
                request.system(),
                request.messages(),
                List.copyOf(tools),
                request.toolChoice(),
                request.parallelTools(),
                request.output(),
                request.effort(),
                request.sampling(),
                search,
                request.budget(),
                request.route(),
                request.cacheOff(),
                vendor,
                request.tags(),
                request.stream(),
                request.extras());
    }
}
