package dev.pillion.sidecar.simulate.gemini;

import static dev.pillion.sidecar.simulate.gemini.GeminiErrors.field;
import static dev.pillion.sidecar.simulate.gemini.GeminiErrors.invalid;
import static dev.pillion.sidecar.simulate.gemini.GeminiErrors.written;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.gemini.Turn.Part;
import dev.pillion.sidecar.simulate.kit.Path;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Contents, their parts, and that every call of a function has its answer. */
final class TurnRules {
    static final List<Rule<GeminiRequest>> ALL =
            List.of(
                    TurnRules::roles,
                    TurnRules::parts,
                    TurnRules::system,
                    TurnRules::places,
                    TurnRules::pairs);
    private static final Pattern MEDIA =
            Pattern.compile("(?:image|audio|video|text|application)/.+");

    private TurnRules() {}

    private static @Nullable VendorError roles(GeminiRequest request) {
        for (var content : request.body().path("contents")) {
            var role = Trees.string(content, "role");
            if (role == null ? request.vertex() : !known(role, content)) {
                return invalid("Please use a valid role: user, model.");
            }
        }
        return null;
    }

    /** The oldest clients gave the results of functions a role of their own. */
    private static boolean known(String role, JsonNode content) {
        return role.isEmpty()
                || role.equals("user")
                || role.equals("model")
                || (role.equals("function") && content.path("parts").findValue("text") == null);
    }

    private static @Nullable VendorError parts(GeminiRequest request) {
        for (var turn : request.turns()) {
            for (var part : turn.parts()) {
                var error = part(request, part.node(), part.path());
                if (error != null) {
                    return error;
                }
            }
        }
        return null;
    }

    private static @Nullable VendorError part(GeminiRequest request, JsonNode part, Path path) {
        var data = PartShapes.DATA.stream().filter(part::has).toList();
        if (data.size() > 1) {
            return field(
                    path,
                    "Invalid value at '"
                            + written(path)
                            + "' (oneof), oneof field 'data' is already set. Cannot set '"
                            + data.getLast()
                            + "'");
        }
        if (data.isEmpty() && !part.has("thoughtSignature")) {
            return field(
                    path,
                    "* GenerateContentRequest."
                            + written(path)
                            + ".data: required oneof field 'data' must have one initialized"
                            + " field");
        }
        if (part.has("inlineData")) {
            return blob(part.path("inlineData"), path.field("inlineData"));
        }
        return part.has("functionResponse")
                ? media(request, part.path("functionResponse"), path.field("functionResponse"))
                : null;
    }

    private static @Nullable VendorError blob(JsonNode blob, Path path) {
        if (!MEDIA.matcher(blob.path("mimeType").asText()).matches()) {
            return field(path, "Unsupported MIME type: " + blob.path("mimeType").asText());
        }
        return blob.path("data").asText().isEmpty()
                ? field(path.field("data"), "Provided image is not valid.")
                : null;
    }

    private static @Nullable VendorError media(GeminiRequest request, JsonNode result, Path path) {
        var parts = result.path("parts");
        if (!parts.isEmpty() && !request.model().can(Skill.MEDIA_IN_RESULTS)) {
            return field(
                    path.field("parts"),
                    "Multimodal function responses are not supported for this model.");
        }
        for (int i = 0; i < parts.size(); i++) {
            var at = path.field("parts").item(i);
            if (parts.get(i).size() != 1) {
                return field(
                        at,
                        "* GenerateContentRequest."
                                + written(at)
                                + ".data: required oneof field 'data' must have one initialized"
                                + " field");
            }
            var error =
                    parts.get(i).has("inlineData")
                            ? blob(parts.get(i).path("inlineData"), at.field("inlineData"))
                            : null;
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable VendorError system(GeminiRequest request) {
        var parts = request.body().path("systemInstruction").path("parts");
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).has("text")) {
                return invalid("System instruction must have only text parts.");
            }
        }
        return null;
    }

    /** Calls come from the model, and follow a user or results; results come from the user. */
    private static @Nullable VendorError places(GeminiRequest request) {
        var turns = request.turns();
        for (int i = 0; i < turns.size(); i++) {
            var turn = turns.get(i);
            boolean calls = !turn.of("functionCall").isEmpty();
            if (calls && (!turn.isModel() || i == 0)) {
                return invalid(
                        "Please ensure that function call turn comes immediately after a user turn"
                                + " or after a function response turn.");
            }
            boolean results = !turn.of("functionResponse").isEmpty();
            boolean asked = i > 0 && !turns.get(i - 1).of("functionCall").isEmpty();
            if (results && (turn.isModel() || !asked)) {
                return invalid(
                        "Please ensure that function response turn comes immediately after a"
                                + " function call turn.");
            }
        }
        return null;
    }

    private static @Nullable VendorError pairs(GeminiRequest request) {
        var turns = request.turns();
        for (int i = 0; i < turns.size(); i++) {
            var calls = turns.get(i).of("functionCall");
            if (calls.isEmpty()) {
                continue;
            }
            var results =
                    i + 1 < turns.size()
                            ? turns.get(i + 1).of("functionResponse")
                            : List.<Part>of();
            if (calls.size() != results.size()) {
                return invalid(
                        "Please ensure that the number of function response parts is equal to the"
                                + " number of function call parts of the function call turn.");
            }
            var error = pair(calls, results);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    /** By ids where the calls have them, and by names. */
    private static @Nullable VendorError pair(List<Part> calls, List<Part> results) {
        var open = new ArrayList<JsonNode>();
        var seen = new HashSet<String>();
        for (var call : calls) {
            var id = Trees.string(call.node().path("functionCall"), "id", "");
            if (!id.isEmpty() && !seen.add(id)) {
                return field(call.path(), "Duplicate function call id: " + id);
            }
            open.add(call.node().path("functionCall"));
        }
        for (var result : results) {
            var response = result.node().path("functionResponse");
            var match = open.stream().filter(call -> fits(call, response, seen)).findFirst();
            if (match.isEmpty()) {
                return field(
                        result.path(),
                        "Function response for `"
                                + response.path("name").asText()
                                + "` does not match any function call of the preceding turn.");
            }
            open.remove(match.get());
        }
        return null;
    }

    private static boolean fits(JsonNode call, JsonNode response, Set<String> ids) {
        var id = Trees.string(response, "id", "");
        boolean byId = id.isEmpty() || !ids.contains(id) || id.equals(Trees.string(call, "id", ""));
        boolean foreign = !id.isEmpty() && !ids.isEmpty() && !ids.contains(id);
        return byId
                && !foreign
                && call.path("name").asText().equals(response.path("name").asText());
    }
}
