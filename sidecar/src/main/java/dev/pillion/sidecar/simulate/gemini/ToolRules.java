package dev.pillion.sidecar.simulate.gemini;

import static dev.pillion.sidecar.simulate.gemini.GeminiErrors.field;
import static dev.pillion.sidecar.simulate.gemini.GeminiErrors.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tools: their schemas, what may stand together, and how they are chosen. */
final class ToolRules {
    static final List<Rule<GeminiRequest>> ALL =
            List.of(
                    ToolRules::oneOfEach,
                    ToolRules::functions,
                    ToolRules::oldSearch,
                    ToolRules::mixture,
                    ToolRules::withJson,
                    ToolRules::choice,
                    ToolRules::allowed);
    private static final int MAX_FUNCTIONS = 512;

    private ToolRules() {}

    private static @Nullable VendorError oneOfEach(GeminiRequest request) {
        for (int i = 0; i < request.tools().size(); i++) {
            if (request.tools().get(i).isEmpty()) {
                return field(
                        Path.ROOT.field("tools").item(i),
                        "* GenerateContentRequest.tools["
                                + i
                                + "].tool_type: required one_of 'tool_type' must have one"
                                + " initialized field");
            }
        }
        return null;
    }

    private static @Nullable VendorError functions(GeminiRequest request) {
        var names = new HashSet<String>();
        var tools = request.tools();
        for (int i = 0; i < tools.size(); i++) {
            var path = Path.ROOT.field("tools").item(i).field("functionDeclarations");
            var functions = tools.get(i).path("functionDeclarations");
            for (int j = 0; j < functions.size(); j++) {
                var name = functions.get(j).path("name").asText();
                if (!names.add(name)) {
                    return invalid("Duplicate function declaration found: " + name);
                }
                var error = function(functions.get(j), path.item(j));
                if (error != null) {
                    return error;
                }
            }
        }
        return names.size() > MAX_FUNCTIONS
                ? invalid("At most " + MAX_FUNCTIONS + " function declarations are supported.")
                : null;
    }

    private static @Nullable VendorError function(JsonNode function, Path path) {
        for (var direction : List.of("parameters", "response")) {
            var json = direction + "JsonSchema";
            if (function.has(direction) && function.has(json)) {
                return field(
                        path, "`" + direction + "` and `" + json + "` are mutually exclusive.");
            }
            var error = schemas(function, direction, json, path);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable VendorError schemas(
            JsonNode function, String old, String json, Path path) {
        if (function.has(json)) {
            var schema = function.get(json);
            var error = JsonSchemaRules.check(schema, path.field(json));
            return error == null && old.equals("parameters") && !isObject(schema)
                    ? notObject(path.field(json))
                    : error;
        }
        if (!function.has(old)) {
            return null;
        }
        var error = LegacySchema.check(function.get(old), path.field(old));
        boolean right =
                !old.equals("parameters")
                        || function.get(old).path("type").asText().equalsIgnoreCase("OBJECT");
        return error == null && !right ? notObject(path.field(old)) : error;
    }

    private static boolean isObject(JsonNode schema) {
        return schema.isEmpty()
                || schema.has("$ref")
                || schema.path("type").asText().equals("object")
                || (schema.has("properties") && !schema.has("type"));
    }

    private static VendorError notObject(Path path) {
        return field(
                path,
                "* GenerateContentRequest."
                        + GeminiErrors.written(path)
                        + ".type: parameters schema should be of type OBJECT");
    }

    private static @Nullable VendorError oldSearch(GeminiRequest request) {
        return request.offers("googleSearchRetrieval") && !request.model().can(Skill.OLD_SEARCH)
                ? invalid(
                        "google_search_retrieval is not supported. Please use google_search tool"
                                + " instead.")
                : null;
    }

    private static @Nullable VendorError mixture(GeminiRequest request) {
        if (request.functions().isEmpty() || !request.offersServerTools()) {
            return null;
        }
        if (!request.model().can(Skill.SEARCH_WITH_FUNCTIONS)) {
            return invalid(
                    "Built-in tools ({google_search}) and Function Calling cannot be combined in"
                            + " the same request. Please choose one of them.");
        }
        return request.showsServerTools()
                ? null
                : invalid(
                        "Please enable tool_config.include_server_side_tool_invocations to use"
                                + " Built-in tools with Function calling.");
    }

    private static @Nullable VendorError withJson(GeminiRequest request) {
        if (!request.wantsJson() || request.functions().isEmpty()) {
            return null;
        }
        if (!request.model().can(Skill.JSON_WITH_FUNCTIONS)) {
            return invalid(
                    "Function calling with a response mime type: 'application/json' is"
                            + " unsupported");
        }
        return request.mode().equals("ANY")
                ? invalid(
                        "Function calling mode ANY with a response mime type: 'application/json'"
                                + " is unsupported")
                : null;
    }

    private static @Nullable VendorError choice(GeminiRequest request) {
        boolean forces = Set.of("ANY", "VALIDATED").contains(request.mode());
        return forces && request.functions().isEmpty()
                ? invalid("Function calling config is set without function_declarations.")
                : null;
    }

    private static @Nullable VendorError allowed(GeminiRequest request) {
        var allowed = request.calling().path("allowedFunctionNames");
        if (!allowed.isEmpty() && !Set.of("ANY", "VALIDATED").contains(request.mode())) {
            return invalid(
                    "Allowed function names should only be set when the function calling mode is"
                            + " ANY or VALIDATED.");
        }
        var names = new HashSet<String>();
        request.functions().forEach(function -> names.add(function.path("name").asText()));
        for (var name : allowed) {
            if (!names.contains(name.asText())) {
                return invalid(
                        "Allowed function name '"
                                + name.asText()
                                + "' is not in the function declarations.");
            }
        }
        return null;
    }
}
