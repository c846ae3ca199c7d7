package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Tool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a caller asks of xAI's own tools in raw fields, put where tools have a place. */
final class ServerTools {
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
        return tools.size() == request.tools().size() ? request : with(request, tools, vendor);
    }

    private static void add(ArrayNode own, List<Tool> tools) {
        for (JsonNode each : own) {
            if (each instanceof ObjectNode definition) {
                tools.add(new Tool.Vendor(Names.SPEAKS, definition));
            }
        }
    }

    private static ChatRequest with(
            ChatRequest request, List<Tool> tools, Map<String, ObjectNode> vendor) {
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
                request.webSearch(),
                request.budget(),
                request.route(),
                request.cacheOff(),
                vendor,
                request.tags(),
                request.stream(),
                request.extras());
    }
}
