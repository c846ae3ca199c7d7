package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Tool;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The caller's tools as xAI knows them. A custom tool is a function with one text argument there.
 * Where xAI's own tools are offered too, a function with the name of one of them gets another.
 */
final class ToolNames {
    private static final String SUFFIX = "_of_caller";

    private final Set<String> custom = new HashSet<>();
    private final Map<String, String> sent = new HashMap<>();
    private final Map<String, String> asked = new HashMap<>();

    ToolNames(ChatRequest request) {
        boolean serverTools = request.webSearch() != null;
        for (Tool tool : request.tools()) {
            serverTools |= tool instanceof Tool.Vendor vendor && isOwn(vendor);
        }
        for (Tool tool : request.tools()) {
            String name =
                    switch (tool) {
                        case Tool.Function function -> function.name();
                        case Tool.Vendor vendor -> customName(vendor);
                    };
            if (name != null) {
                add(name, tool instanceof Tool.Vendor, serverTools);
            }
        }
    }

    private void add(String name, boolean isCustom, boolean serverTools) {
        if (isCustom) {
            custom.add(name);
        }
        if (serverTools && Names.SERVER_TOOLS.contains(name)) {
            sent.put(name, name + SUFFIX);
            asked.put(name + SUFFIX, name);
        }
    }

    static boolean isOwn(Tool.Vendor tool) {
        return tool.provider().equals(Names.SPEAKS);
    }

    /** The name of a caller's free text tool; null when the tool is another. */
    static @Nullable String customName(Tool.Vendor tool) {
        JsonNode name = spec(tool).path("name");
        return isCustom(tool) && name.isTextual() ? name.textValue() : null;
    }

    private static boolean isCustom(Tool.Vendor tool) {
        return tool.provider().equals(Names.OPENAI)
                && tool.definition().path("type").asText().equals("custom");
    }

    /** Chat Completions nests what Responses has flat. */
    static JsonNode spec(Tool.Vendor tool) {
        JsonNode nested = tool.definition().path("custom");
        return nested.isObject() ? nested : tool.definition();
    }

    boolean nothingToDo() {
        return custom.isEmpty() && sent.isEmpty();
    }

    /** Whether the caller's tool of that name takes free text. */
    boolean isCustom(String name) {
        return custom.contains(name);
    }

    /** The name by which xAI knows the caller's tool. */
    String sent(String name) {
        return sent.getOrDefault(name, name);
    }

    /** The caller's name of the tool that xAI calls. */
    String asked(String name) {
        return asked.getOrDefault(name, name);
    }
}
