package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.ShapeCheck;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides, as the vendor would, whether a request to generate or to count is good. */
final class GeminiValidator {
    private static final int MAX_BYTES = 20_971_520;

    private final GeminiSeals seals;
    private final List<Rule<GeminiRequest>> rules;

    GeminiValidator(GeminiSeals seals) {
        this.seals = seals;
        this.rules =
                Stream.of(
                                TurnRules.ALL,
                                ToolRules.ALL,
                                ConfigRules.ALL,
                                List.<Rule<GeminiRequest>>of(seals::broken, this::token))
                        .flatMap(List::stream)
                        .toList();
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

    Verdict<GeminiRequest> check(Ask ask, Route route) {
        var model = GeminiModels.find(route.model());
        if (model == null || !model.can(Skill.GENERATE) || tooNew(model, route)) {
            return new Verdict.Bad<>(
                    GeminiErrors.noSuchModel(route.model(), route.version(), "generateContent"));
        }
        var read = read(ask, route.vertex() ? RequestShapes.VERTEX : RequestShapes.DEVELOPER);
        if (read.error() != null) {
            return new Verdict.Bad<>(read.error());
        }
        return judge(GeminiRequest.of(read.body(), route.model(), model, route.vertex()));
    }

    /** Some names exist under the beta version only. */
    static boolean tooNew(GeminiModel model, Route route) {
        return model.can(Skill.ONLY_BETA) && route.version().equals("v1");
    }

    Verdict<GeminiRequest> judge(GeminiRequest request) {
        return Rule.judge(request, rules);
    }

    private @Nullable VendorError token(GeminiRequest request) {
        var token = Trees.string(request.body(), "continuationToken");
        return token == null || seals.continues(request, token)
                ? null
                : GeminiErrors.invalid("The continuation token is not valid.");
    }
}
