package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.ShapeCheck;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import java.util.List;
import java.util.stream.Stream;

/** Decides, as the vendor would, whether a request to Responses is good. */
final class ResponsesValidator {
    /** What a stored prompt brings along that names no model. */
    private static final String PROMPTS_MODEL = "gpt-5";

    private final ResponsesMemory memory;
    private final List<Rule<ResponsesRequest>> rules;

    ResponsesValidator(ResponsesMemory memory, ReasoningSeals seals) {
        this.memory = memory;
        this.rules =
                Stream.of(
                                InputRules.ALL,
                                new ItemRules(memory, seals).all(),
                                ResponsesToolRules.ALL,
                                ResponsesSettingRules.ALL)
                        .flatMap(List::stream)
                        .toList();
    }

    /** Whether an answer may be made. */
    Verdict<ResponsesRequest> check(Ask ask, String account) {
        return check(ask, account, ResponsesShapes.REQUEST);
    }

    /** Whether its tokens may be counted. */
    Verdict<ResponsesRequest> checkToCount(Ask ask, String account) {
        return check(ask, account, ResponsesShapes.COUNT_REQUEST);
    }

    private Verdict<ResponsesRequest> check(Ask ask, String account, Shape shape) {
        return switch (JsonBodies.read(ask)) {
            case Verdict.Bad(var error) -> new Verdict.Bad<>(error);
            case Verdict.Good(var body) -> check(body, account, shape);
        };
    }

    private Verdict<ResponsesRequest> check(JsonNode body, String account, Shape shape) {
        var problem = ShapeCheck.check(body, shape);
        if (problem != null) {
            return new Verdict.Bad<>(OpenAiErrors.of(problem));
        }
        var id = Trees.string(body, "model", Trees.has(body, "prompt") ? PROMPTS_MODEL : "");
        if (id.isEmpty()) {
            return new Verdict.Bad<>(
                    OpenAiErrors.invalid(
                            "Missing required parameter: 'model'.",
                            "model",
                            "missing_required_parameter"));
        }
        var model = OpenAiModels.find(id);
        if (model == null || !model.can(Skill.RESPONSES)) {
            return new Verdict.Bad<>(noModel(id, model != null));
        }
        var earlier = memory.earlier(account, body);
        return Rule.judge(new ResponsesRequest(body, id, model, account, earlier), rules);
    }

    private static VendorError noModel(String id, boolean known) {
        return OpenAiErrors.invalid(
                known
                        ? "The requested model '"
                                + id
                                + "' is not supported with the Responses API."
                        : "The requested model '" + id + "' does not exist.",
                "model",
                known ? null : "model_not_found");
    }
}
