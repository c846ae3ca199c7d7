package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer as the vendor writes it: at once, or as chunks. What is signed differs: at once the
 * last text is, in chunks an empty text that comes after all others.
 */
final class ResponseJson {
    private final GeminiRequest request;
    private final List<GeminiAnswer> answers;
    private final GeminiUsage.Prompt prompt;
    private final GeminiSeals seals;
    private final String id;
    private final List<SseEvent> events = new ArrayList<>();
    private int said;

    ResponseJson(
            GeminiRequest request,
            List<GeminiAnswer> answers,
            GeminiUsage.Prompt prompt,
            GeminiSeals seals,
            String id) {
        this.request = request;
        this.answers = answers;
        this.prompt = prompt;
        this.seals = seals;
        this.id = id;
    }

    ObjectNode whole() {
        var body = Trees.object();
        if (answers.getFirst().blockReason() != null) {
            return tail(blocked(body), 0, false);
        }
        var candidates = body.putArray("candidates");
        int tokens = 0;
        for (int i = 0; i < answers.size(); i++) {
            var answer = answers.get(i);
            var candidate = candidates.addObject();
            if (!answer.parts().isEmpty()) {
                var content = candidate.putObject("content");
                var parts = content.putArray("parts");
                signed(answer.parts(), true).forEach(parts::add);
                content.put("role", "model");
            }
            end(candidate, answer, i);
            tokens += answer.tokens();
        }
        return tail(body, tokens, false);
    }

    private ObjectNode blocked(ObjectNode body) {
        var feedback = body.putObject("promptFeedback");
        feedback.put("blockReason", answers.getFirst().blockReason());
        return body;
    }

    private void end(ObjectNode candidate, GeminiAnswer answer, int index) {
        candidate.put("finishReason", answer.finishReason());
        if (index > 0) {
            candidate.put("index", index);
        }
        if (request.body().has("safetySettings") || answer.finishReason().equals("SAFETY")) {
            candidate
                    .putArray("safetyRatings")
                    .addObject()
                    .put("category", "HARM_CATEGORY_HARASSMENT")
                    .put("probability", "NEGLIGIBLE");
        }
        answer.extra().properties().forEach(e -> candidate.set(e.getKey(), e.getValue()));
        if (request.config().path("responseLogprobs").asBoolean()) {
            probabilities(candidate, answer);
        }
    }

    private void probabilities(ObjectNode candidate, GeminiAnswer answer) {
        var result = candidate.put("avgLogprobs", -0.25).putObject("logprobsResult");
        var chosen = result.putArray("chosenCandidates");
        var top = result.putArray("topCandidates");
        int count = request.config().path("logprobs").asInt();
        for (var part : answer.parts()) {
            for (var piece : Wording.pieces(Trees.string(part, "text", ""))) {
                chosen.addObject().put("token", piece).put("logProbability", -0.25);
                var rivals = top.addObject().putArray("candidates");
                for (int i = 0; i < count; i++) {
                    rivals.addObject().put("token", piece + i).put("logProbability", -0.25 - i);
                }
            }
        }
    }

    private ObjectNode tail(ObjectNode body, int tokens, boolean thinking) {
        body.set("usageMetadata", GeminiUsage.of(prompt, answers, tokens, thinking));
        return body.put("modelVersion", request.modelId()).put("responseId", id);
    }

    /** Signs what this model signs: the first call, or the last text; and each server tool. */
    private List<ObjectNode> signed(List<ObjectNode> parts, boolean lastText) {
        boolean always = request.model().can(Skill.SIGNED_CALLS);
        if (!always && answers.getFirst().thoughtTokens() == 0) {
            return parts;
        }
        var signed = new ArrayList<ObjectNode>();
        boolean called = false;
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            boolean last = i == parts.size() - 1;
            boolean call = part.has("functionCall");
            boolean server =
                    always
                            && (part.has("toolCall")
                                    || part.has("toolResponse")
                                    || part.has("executableCode"));
            boolean text = always && lastText && last && part.has("text") && !called;
            boolean signs = (call && !called) || server || text;
            called |= call;
            signed.add(signs ? sign(part) : part);
        }
        return signed;
    }

    private ObjectNode sign(ObjectNode part) {
        return part.deepCopy().put("thoughtSignature", seals.sign(request, part));
    }

    /** The chunks; the last one is the only one with a reason to end. */
    List<SseEvent> events() {
        if (answers.getFirst().blockReason() != null) {
            events.add(event(tail(blocked(Trees.object()), 0, false)));
            return events;
        }
        for (int i = 0; i < answers.size(); i++) {
            var answer = answers.get(i);
            for (var part : signed(answer.parts(), false)) {
                part(part, i);
            }
            var candidate = Trees.object();
            var last = Trees.object().put("text", "");
            boolean text = answer.parts().stream().noneMatch(part -> part.has("functionCall"));
            boolean signs = text && !answer.parts().isEmpty();
            content(candidate, signs ? signed(List.of(last), true).getFirst() : last);
            end(candidate, answer, i);
            events.add(event(chunk(candidate, false)));
        }
        return events;
    }

    private void part(ObjectNode part, int index) {
        var text = Trees.string(part, "text");
        boolean thought = part.path("thought").asBoolean();
        if (text == null) {
            said += GeminiAnswer.tokens(part);
            increment(part, index, false);
            return;
        }
        int before = said;
        var all = new StringBuilder();
        for (var piece : Wording.pieces(text)) {
            all.append(piece);
            said = thought ? before : before + Tokens.of(all.toString());
            increment(part.deepCopy().put("text", piece), index, thought);
        }
    }

    private void increment(ObjectNode part, int index, boolean thinking) {
        var candidate = Trees.object();
        content(candidate, part);
        candidate.put("index", index);
        events.add(event(chunk(candidate, thinking)));
    }

    private static void content(ObjectNode candidate, ObjectNode part) {
        var content = candidate.putObject("content");
        content.putArray("parts").add(part);
        content.put("role", "model");
    }

    private ObjectNode chunk(ObjectNode candidate, boolean thinking) {
        var chunk = Trees.object();
        chunk.putArray("candidates").add(candidate);
        return tail(chunk, said, thinking);
    }

    private static SseEvent event(ObjectNode chunk) {
        return new SseEvent(null, Trees.write(chunk));
    }
}
