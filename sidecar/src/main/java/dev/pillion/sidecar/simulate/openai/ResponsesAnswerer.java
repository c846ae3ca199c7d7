package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Hints;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Instances;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import dev.pillion.sidecar.simulate.responses.OutputLimit;
import dev.pillion.sidecar.simulate.responses.OutputTokens;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import java.util.ArrayList;
import java.util.List;

/**
 * The simulated model on Responses. Words that switch it, in the last user message: {@code
 * SIMULATE_REFUSAL}, {@code SIMULATE_CONTENT_FILTER}, {@code SIMULATE_FAILURE}, {@code
 * SIMULATE_COMMENTARY}.
 */
final class ResponsesAnswerer {
    private static final int REASONING_TOKENS = 64;
    private static final String THOUGHT =
            "**Finding an answer**\n\nThe user wants an answer, so a short one will do.";

    private final Ids ids;
    private final ReasoningSeals seals;
    private final ResponsesCalls calls;

    ResponsesAnswerer(Ids ids, ReasoningSeals seals) {
        this.ids = ids;
        this.seals = seals;
        this.calls = new ResponsesCalls(ids);
    }

    ResponsesAnswer answer(ResponsesRequest request, int hugeBytes) {
        var text = request.conversation().lastUserText();
        if (text.contains("SIMULATE_FAILURE")) {
            return new ResponsesAnswer(List.of(), null, true, 0, 0, 0);
        }
        var output = new ArrayList<ObjectNode>();
        int reasoned = request.reasons() ? reason(request, output) : 0;
        var said = say(request, text, hugeBytes);
        var filtered = text.contains("SIMULATE_CONTENT_FILTER") ? "content_filter" : null;
        if (hugeBytes > 0) {
            output.addAll(said);
            return new ResponsesAnswer(
                    output, null, false, OutputTokens.of(output) + reasoned, reasoned, 0);
        }
        var cut = new OutputLimit(request.maxTokens() - reasoned, filtered);
        output.addAll(cut.apply(said));
        int searches = (int) said.stream().filter(ResponsesAnswerer::searches).count();
        int tokens = reasoned + OutputTokens.of(output);
        return new ResponsesAnswer(output, cut.reason(), false, tokens, reasoned, searches);
    }

    private static boolean searches(ObjectNode item) {
        return item.path("type").asText().equals("web_search_call");
    }

    private int reason(ResponsesRequest request, List<ObjectNode> output) {
        var id = ids.nextHex("rs_");
        var item = Trees.object().put("id", id).put("type", "reasoning");
        var summary = item.putArray("summary");
        var reasoning = request.body().path("reasoning");
        if (Trees.has(reasoning, "summary") || Trees.has(reasoning, "generate_summary")) {
            summary.addObject().put("type", "summary_text").put("text", THOUGHT);
        }
        boolean always = request.model().can(Skill.REASONING_MODE);
        if (always || request.includes("reasoning.encrypted_content")) {
            item.putArray("content");
            item.put("encrypted_content", seals.seal(request.owner(), id, summary));
        }
        output.add(item);
        return (int) Math.min(REASONING_TOKENS, request.maxTokens());
    }

    private List<ObjectNode> say(ResponsesRequest request, String text, int hugeBytes) {
        if (text.contains("SIMULATE_REFUSAL")) {
            var refusal = Trees.object().put("type", "refusal");
            return List.of(
                    message(
                            request,
                            "final_answer",
                            refusal.put("refusal", "I'm sorry, I can't help with that.")));
        }
        var said = new ArrayList<ObjectNode>();
        if (text.contains("SIMULATE_COMMENTARY")) {
            said.add(message(request, "commentary", text(request, "Let me see.")));
        }
        var made = calls.of(request, text);
        if (!made.isEmpty()) {
            said.addAll(made);
            return said;
        }
        var search = request.tool("web_search");
        if (search != null
                && !request.toolChoice().equals("none")
                && request.conversation().results().isEmpty()) {
            said.add(WebSearch.call(request, ids.nextHex("ws_"), search, text));
            said.add(message(request, "final_answer", WebSearch.answer(search, text)));
            return said;
        }
        var words = Wording.stretch(words(request, text), hugeBytes);
        said.add(message(request, "final_answer", text(request, words)));
        return said;
    }

    private ObjectNode message(ResponsesRequest request, String phase, ObjectNode part) {
        var message =
                Trees.object()
                        .put("id", ids.nextHex("msg_"))
                        .put("type", "message")
                        .put("status", "completed");
        message.putArray("content").add(part);
        message.put("role", "assistant");
        return request.model().can(Skill.PHASE) ? message.put("phase", phase) : message;
    }

    private static ObjectNode text(ResponsesRequest request, String text) {
        var part = Trees.object().put("type", "output_text");
        part.putArray("annotations");
        boolean wanted = request.includes("message.output_text.logprobs");
        int top = request.body().path("top_logprobs").asInt();
        part.set("logprobs", wanted ? Logprobs.of(text, top) : Trees.array());
        return part.put("text", text);
    }

    private static String words(ResponsesRequest request, String text) {
        var schema = request.schema();
        if (schema != null) {
            return Trees.write(Instances.of(schema, Hints.of(text)));
        }
        if (request.format().path("type").asText().equals("json_object")) {
            return Trees.write(Trees.object().put("answer", Wording.shorten(text.strip())));
        }
        var results = request.conversation().results();
        return results.isEmpty() ? Wording.reply(text) : Wording.replyToResults(results);
    }
}
