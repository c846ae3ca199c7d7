package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Rule;
import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.ShapeCheck;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import dev.pillion.sidecar.simulate.xai.XaiModel.Skill;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** Decides, as the vendor would, whether a request is good. */
final class XaiValidator {
    private final XaiModels models;
    private final ResponsesMemory memory;
    private final List<Rule<XaiResponsesRequest>> rules;

    XaiValidator(XaiModels models, ResponsesMemory memory, ReasoningSeals seals) {
        this.models = models;
        this.memory = memory;
        this.rules = new XaiResponsesRules(seals).all();
    }

    /** Seals that look like the real vendor's: base64, and long. */
    static ReasoningSeals seals() {
        return new ReasoningSeals("SimPillionX", Pattern.compile("[A-Za-z0-9+/]{80,}={0,2}"));
    }

    Verdict<XaiChatRequest> chat(Ask ask) {
        return switch (read(ask)) {
            case Verdict.Bad(var error) -> new Verdict.Bad<>(error);
            case Verdict.Good(var body) -> chat(body);
        };
    }

    private Verdict<XaiChatRequest> chat(JsonNode body) {
        if (Trees.has(body, "search_parameters")) {
            return new Verdict.Bad<>(XaiErrors.liveSearch());
        }
        return switch (model(body, XaiChatShapes.REQUEST)) {
            case Verdict.Bad(var error) -> new Verdict.Bad<>(error);
            case Verdict.Good(var model) when !model.can(Skill.CHAT) ->
                    new Verdict.Bad<>(
                            XaiErrors.invalid(
                                    "Model "
                                            + model.sample()
                                            + " is only available on the Responses API."));
            case Verdict.Good(var model) ->
                    Rule.judge(new XaiChatRequest(body, id(body), model), XaiChatRules.ALL);
        };
    }

    Verdict<XaiResponsesRequest> responses(Ask ask, String account) {
        return switch (read(ask)) {
            case Verdict.Bad(var error) -> new Verdict.Bad<>(error);
            case Verdict.Good(var body) -> responses(body, account);
        };
    }

    private Verdict<XaiResponsesRequest> responses(JsonNode body, String account) {
        return switch (model(body, XaiResponsesShapes.REQUEST)) {
            case Verdict.Bad(var error) -> new Verdict.Bad<>(error);
            case Verdict.Good(var model) -> {
                var earlier = memory.earlier(account, body);
                yield Rule.judge(
                        new XaiResponsesRequest(body, id(body), model, account, earlier), rules);
            }
        };
    }

    private Verdict<XaiModel> model(JsonNode body, Shape shape) {
        var problem = ShapeCheck.check(body, shape);
        if (problem != null) {
            return new Verdict.Bad<>(XaiErrors.of(problem));
        }
        var model = models.find(id(body));
        return model == null
                ? new Verdict.Bad<>(XaiErrors.noSuchModel(id(body)))
                : new Verdict.Good<>(model);
    }

    private static String id(JsonNode body) {
        return Trees.string(body, "model", "");
    }

    private static Verdict<JsonNode> read(Ask ask) {
        var type = ask.header("content-type");
        if (!type.startsWith("application/json")) {
            return bad(415, "Expected request with `Content-Type: application/json`");
        }
        try {
            return new Verdict.Good<>(Trees.read(ask.body()));
        } catch (IOException e) {
            return bad(400, "Failed to parse the request body as JSON");
        }
    }

    private static Verdict<JsonNode> bad(int status, String message) {
        return new Verdict.Bad<>(new VendorError(status, "", message, null, null));
    }
}
