package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.chat.ToolChoice;
import dev.pillion.protocol.chat.WebSearch;
import dev.pillion.protocol.wire.Json;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Functions, web search, the vendor's own tools, and the choice among them. */
final class GeminiToolEncoder {
    private static final String CHOICE = "/tool_choice";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:-]{0,127}");

    private final ChatRequest request;
    private final ModelTraits model;
    private final Losses losses;
    private final ArrayNode functions = Json.nodes().arrayNode();
    private final ArrayNode own = Json.nodes().arrayNode();
    private boolean strict;
    private boolean forced;

    GeminiToolEncoder(ChatRequest request, ModelTraits model, Losses losses) {
        this.request = request;
        this.model = model;
        this.losses = losses;
    }

    void addTo(ObjectNode body) {
        for (int i = 0; i < request.tools().size(); i++) {
            add(request.tools().get(i), "/tools/" + i);
        }
        if (functions.size() > GeminiApi.MAX_FUNCTIONS) {
            losses.lose(
                    "/tools",
                    functions.size() + " (Gemini takes at most " + GeminiApi.MAX_FUNCTIONS + ")");
        }
        search();
        boolean mixed = !functions.isEmpty() && !own.isEmpty();
        if (mixed && model.refuses(Refusal.MIXED_TOOLS)) {
            losses.lose(
                    request.webSearch() == null ? "/tools" : "/websearch",
                    model.id() + " does not take functions beside its own tools");
            own.removeAll();
            mixed = false;
        }
        ObjectNode calling = calling(mixed);
        ArrayNode tools = Json.nodes().arrayNode();
        if (!functions.isEmpty()) {
            tools.addObject().set("functionDeclarations", functions);
        }
        tools.addAll(own);
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        if (calling != null) {
            body.putObject("toolConfig").set("functionCallingConfig", calling);
        }
        if (mixed && !own.isEmpty()) {
            body.withObject("/toolConfig").put("includeServerSideToolInvocations", true);
        }
    }

    private void add(Tool tool, String pointer) {
        switch (tool) {
            case Tool.Function function -> {
                if (isOffered(function.name())) {
                    functions.add(function(function, pointer));
                }
            }
            case Tool.Vendor vendor -> {
                if (vendor.provider().equals(GeminiApi.NAME)) {
                    own.add(vendor.definition().deepCopy());
                } else {
                    losses.lose(pointer, "a tool of " + vendor.provider() + " only");
                }
            }
        }
    }

    /** A free choice among some functions is made by offering only those. */
    private boolean isOffered(String name) {
        return !(request.toolChoice() instanceof ToolChoice.Allowed allowed)
                || allowed.required()
                || allowed.names().contains(name);
    }

    private ObjectNode function(Tool.Function function, String pointer) {
        if (!NAME.matcher(function.name()).matches()) {
            losses.lose(
                    pointer + "/name",
                    "Gemini takes a letter or underscore, then up to 127 letters, digits,"
                            + " underscores, dots, colons and hyphens");
        }
        losses.loseForeign(function.extras(), GeminiApi.NAME, pointer);
        ObjectNode declared = Json.object().put("name", function.name());
        if (function.description() != null) {
            declared.put("description", function.description());
        }
        ObjectNode raw = function.extras().forVendor(GeminiApi.NAME);
        strict |= Boolean.TRUE.equals(function.strict());
        ObjectNode parameters = function.parameters();
        if (parameters != null && !hasOwnSchema(function) && !isEmpty(parameters)) {
            declared.set("parametersJsonSchema", schema(function, parameters, pointer));
        }
        if (raw != null) {
            declared.setAll(raw);
        }
        return declared;
    }

    private ObjectNode schema(Tool.Function function, ObjectNode parameters, String pointer) {
        String at = pointer + "/parameters";
        return Boolean.TRUE.equals(function.strict())
                ? GeminiSchemaReducer.reduce(parameters, losses, at).schema()
                : GeminiSchemaReducer.guide(parameters);
    }

    /** Whether the function came in with a schema in the vendor's own words. */
    static boolean hasOwnSchema(Tool.Function function) {
        ObjectNode raw = function.extras().forVendor(GeminiApi.NAME);
        return raw != null && (raw.has("parameters") || raw.has("parametersJsonSchema"));
    }

    /** An object without properties is refused; a function without parameters says the same. */
    private static boolean isEmpty(ObjectNode schema) {
        return schema.path("properties").isEmpty()
                && schema.path("type").asText("object").equals("object")
                && !schema.path("additionalProperties").isObject()
                && !schema.has("$ref")
                && !schema.has("anyOf")
                && !schema.has("oneOf")
                && !schema.has("allOf");
    }

    private void search() {
        WebSearch search = request.webSearch();
        if (search == null) {
            return;
        }
        losses.loseForeign(search.extras(), GeminiApi.NAME, "/websearch");
        if (search.via() == WebSearch.Via.INJECT) {
            losses.lose("/websearch/via", "a search by the vendor, where injection is asked for");
        }
        if (search.maxUses() != null) {
            losses.lose("/websearch/max_uses", "Gemini can't bound its searches");
        }
        if (!search.allowedDomains().isEmpty()) {
            losses.lose("/websearch/allowed_domains", "Gemini can't search some domains only");
        }
        if (!search.blockedDomains().isEmpty()) {
            losses.lose("/websearch/blocked_domains", "Gemini can't leave domains out");
        }
        if (search.location() != null) {
            losses.lose("/websearch/location", "Gemini's search takes no city or country");
        }
        ObjectNode options = search.extras().forVendor(GeminiApi.NAME);
        own.addObject().set("googleSearch", options == null ? Json.object() : options.deepCopy());
    }

    /** The choice; null where nothing need be said. */
    private @Nullable ObjectNode calling(boolean mixed) {
        ToolChoice wanted = request.toolChoice();
        if (wanted instanceof ToolChoice.None) {
            own.removeAll(); // NONE would leave the vendor's own tools on.
        }
        if (wanted != null && isForced(wanted)) {
            if (functions.isEmpty()) {
                losses.lose(CHOICE, "a call is demanded, but there is no function");
            } else if (model.refuses(Refusal.FORCED_TOOLS)) {
                losses.lose(CHOICE, model.id() + " can't be forced to call a tool");
                wanted = new ToolChoice.Auto();
            }
        }
        if (functions.isEmpty()) {
            return null;
        }
        if (Boolean.FALSE.equals(request.parallelTools()) && !(wanted instanceof ToolChoice.None)) {
            losses.lose("/parallel_tools", "Gemini has no switch for calls in parallel");
        }
        forced = wanted != null && isForced(wanted);
        return switch (wanted) {
            case null -> strict || mixed ? mode("VALIDATED") : null;
            case ToolChoice.Auto _ -> mode(strict || mixed ? "VALIDATED" : "AUTO");
            case ToolChoice.None _ -> mode("NONE");
            case ToolChoice.Required _ -> mode("ANY");
            case ToolChoice.Named named -> only(List.of(named.name()));
            case ToolChoice.Allowed allowed ->
                    allowed.required()
                            ? only(allowed.names())
                            : mode(strict || mixed ? "VALIDATED" : "AUTO");
        };
    }

    private static boolean isForced(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto _, ToolChoice.None _ -> false;
            case ToolChoice.Required _, ToolChoice.Named _ -> true;
            case ToolChoice.Allowed allowed -> allowed.required();
        };
    }

    private static ObjectNode mode(String mode) {
        return Json.object().put("mode", mode);
    }

    private static ObjectNode only(List<String> names) {
        ObjectNode any = mode("ANY");
        ArrayNode list = any.putArray("allowedFunctionNames");
        names.forEach(list::add);
        return any;
    }

    /**
     * Whether JSON output must be left out, since it does not go with the tools; asked after {@link
     * #addTo}.
     */
    boolean refusesJson(Output.Format format) {
        String at = format instanceof Output.Format.Json ? "/output/json" : "/output/schema";
        if (hasTools() && model.refuses(Refusal.JSON_WITH_TOOLS)) {
            losses.lose(at, model.id() + " does not take JSON output beside tools");
            return true;
        }
        if (forced) {
            losses.lose(at, "Gemini does not take JSON output where a call is demanded");
            return true;
        }
        return false;
    }

    private boolean hasTools() {
        return !functions.isEmpty() || !own.isEmpty();
    }
}
