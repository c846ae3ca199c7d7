package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.ShapeCheck;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides, as the vendor would, whether a request to generate or to count is good. */
final class GeminiValidator {
    private static final int MAX_BYTES = 20_971_520;
    private static final List<GeminiRule> RULES =
            Stream.of(TurnRules.ALL, ToolRules.ALL, ConfigRules.ALL).flatMap(List::stream).toList();

    private final GeminiSeals seals;

    GeminiValidator(GeminiSeals seals) {
        this.seals = seals;
    }

    /** What a check comes to. */
    sealed interface Verdict {
        record Good(GeminiRequest request) implements Verdict {}

        record Bad(VendorError error) implements Verdict {}
    }

    /** A body whose shape is right, with the liberties of proto3 JSON taken out; or an error. */
    record Read(JsonNode body, @Nullable VendorError error) {}

    static Read read(Ask ask, Shape shape) {
        if (ask.body().length > MAX_BYTES) {
            return bad(
                    GeminiErrors.invalid(
                            "Request payload size exceeds the limit: " + MAX_BYTES + " bytes."));
        }
        JsonNode body;
        try {
            body = Trees.read(ask.body());
        } catch (IOException e) {
            return bad(
                    GeminiErrors.invalid(
                            "Invalid JSON payload received. Unexpected token. "
                                    + e.getClass().getSimpleName()));
        }
        var plain = ProtoJson.plain(body, shape);
        var problem = ShapeCheck.check(plain, shape);
        return new Read(plain, problem == null ? null : GeminiErrors.of(problem));
    }

    private static Read bad(VendorError error) {
        return new Read(Trees.object(), error);
    }

    Verdict check(Ask ask, Route route) {
        var model = GeminiModels.find(route.model());
        if (model == null || !model.can(Skill.GENERATE) || tooNew(model, route)) {
            return new Verdict.Bad(
                    GeminiErrors.noSuchModel(route.model(), route.version(), "generateContent"));
        }
        var read = read(ask, route.vertex() ? RequestShapes.VERTEX : RequestShapes.DEVELOPER);
        if (read.error() != null) {
            return new Verdict.Bad(read.error());
        }
        var request = GeminiRequest.of(read.body(), route.model(), model, route.vertex());
        var error = broken(request);
        return error == null ? new Verdict.Good(request) : new Verdict.Bad(error);
    }

    /** Some names exist under the beta version only. */
    static boolean tooNew(GeminiModel model, Route route) {
        return model.can(Skill.ONLY_BETA) && route.version().equals("v1");
    }

    /** The first rule that a request breaks. */
    @Nullable VendorError broken(GeminiRequest request) {
        for (var rule : RULES) {
            var error = rule.broken(request);
            if (error != null) {
                return error;
            }
        }
        var unsealed = seals.broken(request);
        return unsealed != null ? unsealed : token(request);
    }

    private @Nullable VendorError token(GeminiRequest request) {
        var token = Trees.string(request.body(), "continuationToken");
        return token == null || seals.continues(request, token)
                ? null
                : GeminiErrors.invalid("The continuation token is not valid.");
    }
}
