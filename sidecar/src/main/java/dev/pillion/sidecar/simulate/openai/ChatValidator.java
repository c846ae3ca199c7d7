package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.ShapeCheck;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Decides, as the vendor would, whether a request to Chat Completions is good. */
final class ChatValidator {
    private static final List<ChatRule> RULES =
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

    /** What a check comes to. */
    sealed interface Verdict {
        record Good(ChatRequest request) implements Verdict {}

        record Bad(VendorError error) implements Verdict {}
    }

    Verdict check(Ask ask) {
        var type = ask.header("content-type");
        if (!type.isEmpty() && !type.startsWith("application/json")) {
            return new Verdict.Bad(
                    OpenAiErrors.invalid(
                            "Unsupported content type: '" + type + "'.",
                            null,
                            "unsupported_content_type"));
        }
        try {
            return check(Trees.read(ask.body()));
        } catch (IOException e) {
            return new Verdict.Bad(
                    OpenAiErrors.invalid(
                            "We could not parse the JSON body of your request. (HINT: This likely"
                                    + " means you aren't using your HTTP library correctly.)",
                            null,
                            null));
        }
    }

    private Verdict check(JsonNode body) {
        var problem = ShapeCheck.check(body, ChatShapes.REQUEST);
        if (problem != null) {
            return new Verdict.Bad(OpenAiErrors.of(problem));
        }
        var id = Trees.string(body, "model", "");
        var known = OpenAiModels.find(id);
        var model = known == null && anyModel ? OpenAiModels.COMPATIBLE : known;
        if (model == null) {
            return new Verdict.Bad(OpenAiErrors.noSuchModel(id));
        }
        if (!model.can(Skill.CHAT)) {
            return new Verdict.Bad(
                    new VendorError(
                            404,
                            "invalid_request_error",
                            "This is not a chat model and thus not supported in the"
                                    + " v1/chat/completions endpoint. Did you mean to use"
                                    + " v1/completions?",
                            "model",
                            null));
        }
        var request = new ChatRequest(body, id, model);
        for (var rule : RULES) {
            var error = rule.broken(request);
            if (error != null) {
                return new Verdict.Bad(error);
            }
        }
        return new Verdict.Good(request);
    }
}
