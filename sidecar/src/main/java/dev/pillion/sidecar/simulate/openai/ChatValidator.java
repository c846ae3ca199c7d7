package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.ShapeCheck;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import java.util.List;
import java.util.stream.Stream;

/** Decides, as the vendor would, whether a request to Chat Completions is good. */
final class ChatValidator {
    private static final List<Rule<ChatRequest>> RULES =
            Stream.of(MessageRules.ALL, ToolRules.ALL, SettingRules.ALL)
                    .flatMap(List::stream)
                    .toList();

    private final boolean anyModel;

    /**
     * @param anyModel takes models it does not know, as a compatible server with its own would
     */
    ChatValidator(boolean anyModel) {
        this.anyModel = anyModel;
    }

    Verdict<ChatRequest> check(Ask ask) {
        return switch (JsonBodies.read(ask)) {
            case Verdict.Bad(var error) -> new Verdict.Bad<>(error);
            case Verdict.Good(var body) -> check(body);
        };
    }

    private Verdict<ChatRequest> check(JsonNode body) {
        var problem = ShapeCheck.check(body, ChatShapes.REQUEST);
        if (problem != null) {
            return new Verdict.Bad<>(OpenAiErrors.of(problem));
        }
        var id = Trees.string(body, "model", "");
        var known = OpenAiModels.find(id);
        var model = known == null && anyModel ? OpenAiModels.COMPATIBLE : known;
        if (model == null) {
            return new Verdict.Bad<>(OpenAiErrors.noSuchModel(id));
        }
        if (!model.can(Skill.CHAT)) {
            return new Verdict.Bad<>(
                    new VendorError(
                            404,
                            "invalid_request_error",
                            "This is not a chat model and thus not supported in the"
                                    + " v1/chat/completions endpoint. Did you mean to use"
                                    + " v1/completions?",
                            "model",
                            null));
        }
        return Rule.judge(new ChatRequest(body, id, model), RULES);
    }
}
