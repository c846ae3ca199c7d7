package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.ShapeCheck;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Decides, as the vendor would, whether a request is good. */
final class AnthropicValidator {
    private static final int MAX_BODY_BYTES = 32 << 20;
    private static final String MODERN = "2026-10-21";
    private static final Set<String> VERSIONS = Set.of("2023-01-01", "2023-06-01", MODERN);
    private static final List<Rule<AnthropicRequest>> RULES =
            Stream.of(
                            TurnRules.ALL,
                            PairingRules.ALL,
                            ServerToolRules.ALL,
                            ToolRules.ALL,
                            CacheRules.ALL,
                            SettingRules.ALL)
                    .flatMap(List::stream)
                    .toList();

    private final List<Rule<AnthropicRequest>> rules;

    AnthropicValidator(AnthropicSeals seals) {
        this.rules = Stream.concat(RULES.stream(), Stream.of(seals::broken)).toList();
    }

    Verdict<AnthropicRequest> check(Ask ask) {
        if (ask.body().length > MAX_BODY_BYTES) {
            return new Verdict.Bad<>(
                    new VendorError(
                            413,
                            "request_too_large",
                            "Request exceeds the maximum size",
                            null,
                            null));
        }
        var version = ask.header("anthropic-version");
        if (!version.isEmpty() && !VERSIONS.contains(version)) {
            return bad("anthropic-version: \"" + version + "\" is not a valid version");
        }
        if (!ask.header("content-type").isEmpty()
                && !ask.header("content-type").startsWith("application/json")) {
            return bad("Content-Type must be application/json");
        }
        try {
            return check(ask, Trees.read(ask.body()), version.equals(MODERN));
        } catch (IOException e) {
            return bad("The request body is not valid JSON: " + e.getClass().getSimpleName());
        }
    }

    private Verdict<AnthropicRequest> check(Ask ask, JsonNode body, boolean modern) {
        var betas = Beta.of(ask.header("anthropic-beta"), ask.query());
        boolean counting = ask.path().endsWith("/count_tokens");
        var problem = ShapeCheck.check(body, RequestShapes.of(counting, modern, betas));
        if (problem != null) {
            return new Verdict.Bad<>(AnthropicErrors.of(problem));
        }
        var id = Trees.string(body, "model", "");
        var model = AnthropicModels.find(id);
        if (model == null) {
            return new Verdict.Bad<>(AnthropicErrors.notFound("model: " + id));
        }
        return Rule.judge(AnthropicRequest.of(body, model, modern, counting, betas), rules);
    }

    private static Verdict<AnthropicRequest> bad(String message) {
        return new Verdict.Bad<>(AnthropicErrors.invalid(message));
    }
}
