package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes {@code tools} and {@code toolConfig}. */
final class GeminiToolsDecoder {
    /**
     * Fields that tell what a function gives back: they inform and demand nothing (SDKs fill them
     * in by themselves), so that vendors without them are told of the function all the same.
     */
    private static final Set<String> RESULT_NOTES = Set.of("response", "responseJsonSchema");

    private final List<Tool> tools = new ArrayList<>();
    private @Nullable WebSearch webSearch;
    private @Nullable ToolChoice choice;
    private boolean validated;

    /** How to show the vendor's own calls: others have none, and go without. */
    private final ObjectNode hints = Json.object();

    private final ObjectNode rest = Json.object();

    List<Tool> tools() {
        return validated ? tools.stream().map(GeminiToolsDecoder::strict).toList() : tools;
    }

    @Nullable WebSearch webSearch() {
        return webSearch;
    }

    @Nullable ToolChoice choice() {
        return choice;
    }

    ObjectNode hints() {
        return hints;
    }

    ObjectNode rest() {
        return rest;
    }

    void tools(List<GeminiObject.Item> items) {
        for (GeminiObject.Item item : items) {
            GeminiObject tool = item.object();
            for (GeminiObject.Item declared : tool.list("functionDeclarations")) {
                tools.add(function(declared.object()));
            }
            if (webSearch == null) {
                GeminiObject search = tool.object("googleSearch");
                webSearch = search == null ? null : search(search);
            }
            for (String name : tool.unread()) {
                ObjectNode own = Json.object();
                own.set(name, tool.get(name));
                tools.add(new Tool.Vendor(GeminiApi.NAME, own));
            }
        }
    }

    private static List<String> names(ObjectNode fields) {
        List<String> names = new ArrayList<>();
        fields.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Tool.Function function(GeminiObject declared) {
        String name = declared.textOf("name");
        String description = declared.text("description");
        ObjectNode schema = declared.raw("parametersJsonSchema");
        ObjectNode older = declared.raw("parameters");
        if (schema != null && older != null) {
            throw GeminiObject.wrong(
                    older, declared.at("parameters"), "none beside parametersJsonSchema");
        }
        ObjectNode parameters = older == null ? schema : OpenApiSchema.toJsonSchema(older);
        ObjectNode rest = declared.rest();
        boolean optional = RESULT_NOTES.containsAll(names(rest));
        if (parameters != null) {
            // Goes back to the vendor in the words of its client.
            rest.set(
                    older == null ? "parametersJsonSchema" : "parameters",
                    older == null ? schema : older);
        }
        Extras extras =
                rest.isEmpty() ? Extras.NONE : new Extras(Map.of(GeminiApi.NAME, rest), optional);
        return new Tool.Function(name, description, parameters, null, null, extras);
    }

    /** Search of the web alone, at any time, is what it does without saying. */
    private static WebSearch search(GeminiObject options) {
        List<String> blocked = options.texts("excludeDomains");
        ObjectNode more = options.rest();
        JsonNode types = more.path("searchTypes");
        if (types.size() == 1 && types.path("webSearch").isObject()) {
            more.remove("searchTypes");
        }
        return new WebSearch(
                WebSearch.Via.AUTO,
                null,
                List.of(),
                blocked,
                null,
                null,
                Extras.of(GeminiApi.NAME, more));
    }

    void config(GeminiObject config) {
        GeminiObject calling = config.object("functionCallingConfig");
        if (calling != null) {
            calling(calling);
            ObjectNode unread = calling.rest();
            if (!unread.isEmpty()) {
                rest.withObject("/functionCallingConfig").setAll(unread);
            }
        }
        JsonNode shown = config.get("includeServerSideToolInvocations");
        if (shown != null) {
            hints.set("includeServerSideToolInvocations", shown);
        }
        rest.setAll(config.rest());
    }

    /** The mode's word; proto3 JSON takes the number of an enum as well. */
    private static @Nullable String mode(GeminiObject calling) {
        JsonNode mode = calling.get("mode");
        if (mode == null || !mode.isIntegralNumber()) {
            return calling.text("mode");
        }
        return switch (mode.asInt()) {
            case 0 -> "MODE_UNSPECIFIED";
            case 1 -> "AUTO";
            case 2 -> "ANY";
            case 3 -> "NONE";
            default -> mode.asText();
        };
    }

    private void calling(GeminiObject calling) {
        String mode = mode(calling);
        List<String> allowed = calling.texts("allowedFunctionNames");
        String word = mode == null ? "" : mode.toUpperCase(Locale.ROOT);
        switch (word) {
            case "", "MODE_UNSPECIFIED" -> choice = allowed(allowed, null);
            case "AUTO", "VALIDATED" -> {
                validated = word.equals("VALIDATED");
                hints.putObject("functionCallingConfig").put("mode", word);
                choice = allowed(allowed, new ToolChoice.Auto());
            }
            case "NONE" -> none();
            case "ANY" -> choice = forced(allowed);
            default ->
                    throw GeminiObject.wrong(
                            calling.get("mode"),
                            calling.at("mode"),
                            "AUTO, ANY, NONE or VALIDATED");
        }
    }

    /** Here it only holds functions back; elsewhere no tool at all would be used. */
    private void none() {
        boolean functionsAlone =
                webSearch == null && tools.stream().allMatch(Tool.Function.class::isInstance);
        if (functionsAlone) {
            choice = new ToolChoice.None();
        } else {
            rest.putObject("functionCallingConfig").put("mode", "NONE");
        }
    }

    private static @Nullable ToolChoice allowed(
            List<String> names, @Nullable ToolChoice otherwise) {
        return names.isEmpty() ? otherwise : new ToolChoice.Allowed(names, false);
    }

    private static ToolChoice forced(List<String> names) {
        return switch (names.size()) {
            case 0 -> new ToolChoice.Required();
            case 1 -> new ToolChoice.Named(names.getFirst());
            default -> new ToolChoice.Allowed(names, true);
        };
    }

    /** Calls that must follow their schema are what other formats call strict tools. */
    private static Tool strict(Tool tool) {
        return tool instanceof Tool.Function function
                ? new Tool.Function(
                        function.name(),
                        function.description(),
                        function.parameters(),
                        true,
                        function.cache(),
                        function.extras())
                : tool;
    }
}
