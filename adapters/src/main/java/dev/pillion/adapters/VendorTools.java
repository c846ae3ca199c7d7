package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tools that a request lets its vendor run, and how often it may. What the vendor runs by
 * itself makes another prompt each time, with what came before in it.
 */
final class VendorTools {
    /** Of no cost but their words: the client runs them. */
    private static final Set<String> CLIENTS = Set.of("function", "custom", "namespace");

    /** The client runs these too, and the vendor has words of its own for them. */
    private static final List<String> PROMPTED =
            List.of(
                    "bash",
                    "text_editor",
                    "memory",
                    "computer",
                    "browser",
                    "local_shell",
                    "apply_patch");

    private static final List<String> SEARCHES = List.of("web_search", "x_search");

    /** Their calls may be bounded, and are billed by the call where the catalog has a rate. */
    private static final Set<String> BOUNDABLE =
            Set.of("web_fetch", "file_search", "code_interpreter", "mcp", "tool_search");

    private static final Set<String> GEMINI_SEARCHES =
            Set.of(
                    "googleSearch",
                    "google_search",
                    "googleSearchRetrieval",
                    "google_search_retrieval");
    private static final Set<String> GEMINI_FUNCTIONS =
            Set.of("functionDeclarations", "function_declarations", "name", "description");
    private static final Set<String> GEMINI_PROMPTED = Set.of("computerUse", "computer_use");

    private final Set<String> fees = new HashSet<>();
    private int count;
    private int calls;
    private int searches;
    private boolean searchesEndless;
    private @Nullable String endless;
    private @Nullable String wild;
    private boolean boundedTogether;
    private int most;

    /** The tools that the body, or the raw fields for a vendor, ask for. */
    void take(ObjectNode body) {
        JsonNode together = body.path("max_tool_calls");
        if (together.canConvertToInt() && together.isIntegralNumber() && together.intValue() >= 0) {
            boundedTogether = true;
            most = Math.max(most, together.intValue());
        }
        JsonNode wish = body.path("websearch");
        if (wish.isObject()) {
            search(wish);
        }
        if (body.path("web_search_options").isObject()) {
            search(body.path("web_search_options"));
        }
        if (body.path("mcp_servers").size() > 0) {
            endlessly("mcp_servers");
        }
        body.path("tools").forEach(this::tool);
    }

    int count() {
        return count;
    }

    Set<String> fees() {
        return fees;
    }

    /** What other tools than searches may be called, where that is bounded. */
    int calls() {
        return endless == null ? calls : boundedTogether ? most : 0;
    }

    @Nullable Integer searches() {
        if (!searchesEndless) {
            return searches;
        }
        return boundedTogether ? Integer.valueOf(Math.max(searches, most)) : null;
    }

    /** The tool that may be called any number of times; null: none may. */
    @Nullable String unbounded() {
        if (wild != null) {
            return "the tool " + wild;
        }
        return endless == null || boundedTogether ? null : "the tool " + endless;
    }

    private void endless(String name) {
        endless = endless == null ? name : endless;
    }

    private void tool(JsonNode tool) {
        String type = tool.path("type").asText();
        if (type.isEmpty()) {
            untyped(tool);
        } else if (SEARCHES.stream().anyMatch(type::startsWith)) {
            search(tool);
        } else if (PROMPTED.stream().anyMatch(type::startsWith)) {
            count++;
        } else if (!CLIENTS.contains(type)) {
            other(type, tool);
        }
    }

    /** As Anthropic's functions, the uniform interface's and all of Gemini's tools are. */
    private void untyped(JsonNode tool) {
        if (tool.has("name")) {
            return;
        }
        tool.fieldNames()
                .forEachRemaining(name -> {
                    if (GEMINI_SEARCHES.contains(name)) {
                        search(tool.path(name));
                    } else if (GEMINI_PROMPTED.contains(name)) {
                        count++;
                    } else if (!GEMINI_FUNCTIONS.contains(name)) {
                        count++;
                        endlessly(name);
                    }
                });
    }

    private void search(JsonNode tool) {
        count++;
        JsonNode uses = tool.path("max_uses");
        if (uses.isIntegralNumber() && uses.canConvertToInt()) {
            searches += Math.clamp(uses.intValue(), 0, 1_000_000);
        } else {
            searchesEndless = true;
        }
    }

    private void other(String type, JsonNode tool) {
        count++;
        String kind = type.replaceFirst("_?20\\d{6}$", "");
        fees.add(kind);
        JsonNode uses = tool.path("max_uses");
        if (!BOUNDABLE.contains(kind)) {
            endlessly(kind);
        } else if (uses.isIntegralNumber() && uses.canConvertToInt()) {
            calls += Math.clamp(uses.intValue(), 0, 1_000_000);
        } else {
            endless(kind);
        }
    }

    /** Bounded by nothing, for the calls are not what costs, or nobody bounds them. */
    private void endlessly(String kind) {
        wild = wild == null ? kind : wild;
    }
}
