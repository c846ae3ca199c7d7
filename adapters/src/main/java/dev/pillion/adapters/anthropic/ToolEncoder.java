package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tools, web search and the choice among them. */
final class ToolEncoder {
    private static final String CHOICE = "/tool_choice";

    /** Among the search's own fields: where it stood among the tools, when it was not the last. */
    static final String INDEX = "@index";

    private final ChatRequest request;
    private final ModelTraits model;
    private final Losses losses;

    ToolEncoder(ChatRequest request, ModelTraits model, Losses losses) {
        this.request = request;
        this.model = model;
        this.losses = losses;
    }

    void addTo(ObjectNode body) {
        ArrayNode tools = Json.nodes().arrayNode();
        for (int i = 0; i < request.tools().size(); i++) {
            add(request.tools().get(i), "/tools/" + i, tools);
        }
        WebSearch search = request.webSearch();
        if (search != null) {
            ObjectNode own = search.extras().forVendor(Api.NAME);
            int index = own == null ? -1 : own.path(INDEX).asInt(-1);
            boolean last = index < 0 || index > tools.size();
            tools.insert(last ? tools.size() : index, webSearch(search));
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        ObjectNode choice = choice(!tools.isEmpty());
        if (choice != null) {
            body.set("tool_choice", choice);
        }
    }

    private void add(Tool tool, String pointer, ArrayNode tools) {
        switch (tool) {
            case Tool.Function function -> {
                if (isAllowed(function.name())) {
                    tools.add(function(function, pointer));
                }
            }
            case Tool.Vendor vendor -> {
                if (vendor.provider().equals(Api.NAME)) {
                    tools.add(vendor.definition().deepCopy());
                } else {
                    losses.lose(pointer, "a tool of " + vendor.provider() + " only");
                }
            }
        }
    }

    /** A choice among some functions is made by offering only those. */
    private boolean isAllowed(String name) {
        return !(request.toolChoice() instanceof ToolChoice.Allowed allowed)
                || allowed.names().contains(name);
    }

    private ObjectNode function(Tool.Function function, String pointer) {
        checkName(function.name(), pointer);
        losses.loseForeign(function.extras(), Api.NAME, pointer);
        ObjectNode tool = Json.object().put("name", function.name());
        if (function.description() != null) {
            tool.put("description", function.description());
        }
        tool.set("input_schema", inputSchema(function, pointer));
        if (function.strict() != null) {
            tool.put("strict", function.strict());
        }
        ObjectNode own = function.extras().forVendor(Api.NAME);
        if (own != null) {
            tool.setAll(own);
        }
        CacheMarks.put(tool, function.cache());
        return tool;
    }

    private void checkName(String name, String pointer) {
        if (name.isEmpty() || name.length() > Api.MAX_TOOL_NAME_CHARS || !ToolIds.isPlain(name)) {
            losses.lose(
                    pointer + "/name",
                    "Anthropic takes 1 to "
                            + Api.MAX_TOOL_NAME_CHARS
                            + " letters, digits, underscores and hyphens");
        }
    }

    private ObjectNode inputSchema(Tool.Function function, String pointer) {
        if (function.parameters() == null) {
            ObjectNode none = Json.object().put("type", "object");
            none.putObject("properties");
            return none;
        }
        ObjectNode own = rawSchema(function);
        if (own != null) {
            return own;
        }
        if (Boolean.TRUE.equals(function.strict())) {
            return SchemaReducer.reduce(function.parameters(), losses, pointer + "/parameters")
                    .schema();
        }
        if (function.parameters().has("type")) {
            return function.parameters().deepCopy();
        }
        ObjectNode typed = Json.object().put("type", "object");
        typed.setAll(function.parameters());
        return typed;
    }

    /** The schema in Anthropic's own words, where the tool came in with one; null: it is ours. */
    static @Nullable ObjectNode rawSchema(Tool.Function function) {
        ObjectNode own = function.extras().forVendor(Api.NAME);
        return own != null && own.get("input_schema") instanceof ObjectNode schema ? schema : null;
    }

    private ObjectNode webSearch(WebSearch search) {
        losses.loseForeign(search.extras(), Api.NAME, "/websearch");
        if (search.via() == WebSearch.Via.INJECT) {
            losses.lose("/websearch/via", "a search by the vendor, where injection is asked for");
        }
        ObjectNode own = search.extras().forVendor(Api.NAME);
        ObjectNode tool = Json.object();
        tool.put("type", own == null ? Api.WEB_SEARCH : own.path("type").asText(Api.WEB_SEARCH));
        tool.put("name", "web_search");
        if (search.maxUses() != null) {
            tool.put("max_uses", search.maxUses());
        }
        boolean both = !search.allowedDomains().isEmpty() && !search.blockedDomains().isEmpty();
        if (both) {
            losses.lose(
                    "/websearch/blocked_domains",
                    "Anthropic takes allowed or blocked domains, not both");
        }
        domains(tool, "allowed_domains", search.allowedDomains());
        domains(tool, "blocked_domains", both ? List.of() : search.blockedDomains());
        location(tool, search.location());
        if (own != null) {
            tool.setAll(own);
            tool.remove(INDEX);
        }
        CacheMarks.put(tool, search.cache());
        return tool;
    }

    private static void domains(ObjectNode tool, String field, List<String> domains) {
        if (!domains.isEmpty()) {
            ArrayNode list = tool.putArray(field);
            domains.forEach(list::add);
        }
    }

    private static void location(ObjectNode tool, WebSearch.@Nullable Location location) {
        if (location == null) {
            return;
        }
        ObjectNode node = tool.putObject("user_location").put("type", "approximate");
        put(node, "city", location.city());
        put(node, "region", location.region());
        put(node, "country", location.country());
        put(node, "timezone", location.timezone());
    }

    private static void put(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }

    private @Nullable ObjectNode choice(boolean anyTools) {
        ToolChoice wanted = request.toolChoice();
        boolean single = Boolean.FALSE.equals(request.parallelTools());
        if (wanted != null && isForced(wanted)) {
            if (!anyTools) {
                losses.lose(CHOICE, "a call is demanded, but there is no tool");
            } else if (model.refuses(Refusal.FORCED_TOOLS)) {
                losses.lose(CHOICE, model.id() + " can't be forced to call a tool");
                wanted = new ToolChoice.Auto();
            }
        }
        if (!anyTools) {
            return null;
        }
        ObjectNode choice =
                switch (wanted) {
                    case null -> single ? of("auto") : null;
                    case ToolChoice.Auto _ -> of("auto");
                    case ToolChoice.None _ -> of("none");
                    case ToolChoice.Required _ -> of("any");
                    case ToolChoice.Named named -> of("tool").put("name", named.name());
                    case ToolChoice.Allowed allowed -> of(allowed.required() ? "any" : "auto");
                };
        if (choice != null && single && !(wanted instanceof ToolChoice.None)) {
            choice.put("disable_parallel_tool_use", true);
        }
        return choice;
    }

    private static boolean isForced(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto _, ToolChoice.None _ -> false;
            case ToolChoice.Required _, ToolChoice.Named _ -> true;
            case ToolChoice.Allowed allowed -> allowed.required();
        };
    }

    private static ObjectNode of(String type) {
        return Json.object().put("type", type);
    }
}
