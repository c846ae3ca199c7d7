package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Hints;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Instances;
import dev.pillion.sidecar.simulate.kit.ToolUse;
import dev.pillion.sidecar.simulate.kit.ToolUse.Tool;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import dev.pillion.sidecar.simulate.responses.OutputLimit;
import dev.pillion.sidecar.simulate.responses.OutputTokens;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import dev.pillion.sidecar.simulate.xai.XaiModel.Skill;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simulated model on Responses. Words that switch it, in the last user message: {@code
 * SIMULATE_CONTENT_FILTER}, {@code SIMULATE_TURN_LIMIT}.
 */
final class XaiResponsesAnswerer {
    private final Ids ids;
    private final ReasoningSeals seals;

    XaiResponsesAnswerer(Ids ids, ReasoningSeals seals) {
        this.ids = ids;
        this.seals = seals;
    }

    /**
     * An answer.
     *
     * @param incomplete why it breaks off; null: it does not
     * @param searches calls of server-side tools
     */
    record Said(
            List<ObjectNode> output,
            @Nullable String incomplete,
            int outputTokens,
            int reasoningTokens,
            List<ObjectNode> searches,
            int sources) {}

    Said answer(XaiResponsesRequest request, String uuid, int hugeBytes) {
        var text = request.conversation().lastUserText();
        var output = new ArrayList<ObjectNode>();
        int reasoned = request.reasons() ? reason(request, uuid, output) : 0;
        var search = new XaiSearch(request, text);
        var calls = calls(request, text, uuid);
        boolean searches =
                calls.isEmpty()
                        && search.offered()
                        && !request.body().path("tool_choice").asText().equals("none")
                        && request.conversation().results().isEmpty();
        var callId = "call-" + ids.nextUuid() + "-";
        var ran = searches ? search.calls(uuid, callId) : List.<ObjectNode>of();
        var said = new ArrayList<>(ran);
        if (!ran.isEmpty()) {
            said.addAll(found(request, uuid, callId, ran.size()));
        }
        if (calls.isEmpty()) {
            var words = Wording.stretch(words(request, text), hugeBytes);
            said.add(message(uuid, searches ? search.answer() : text(words)));
        }
        said.addAll(calls);
        long left = hugeBytes > 0 ? Long.MAX_VALUE : request.maxTokens() - reasoned;
        var limit = new OutputLimit(left, switched(text));
        output.addAll(limit.apply(said));
        return new Said(
                output,
                limit.reason(),
                reasoned + OutputTokens.of(output),
                reasoned,
                ran,
                searches ? search.sources() : 0);
    }

    private static @Nullable String switched(String text) {
        if (text.contains("SIMULATE_CONTENT_FILTER")) {
            return "content_filter";
        }
        return text.contains("SIMULATE_TURN_LIMIT") ? "turn_limit" : null;
    }

    private int reason(XaiResponsesRequest request, String uuid, List<ObjectNode> output) {
        var item = Trees.object().put("id", "rs_" + uuid);
        var summary = item.putArray("summary");
        summary.addObject().put("text", XaiChatAnswerer.THOUGHT).put("type", "summary_text");
        item.put("type", "reasoning").put("status", "completed");
        boolean always = request.model().can(Skill.ALWAYS_ENCRYPTED);
        if (always || request.includes("reasoning.encrypted_content")) {
            item.put("encrypted_content", seals.seal(request.owner(), "rs_" + uuid, summary));
        }
        output.add(item);
        return (int) Math.min(XaiChatAnswerer.REASONING_TOKENS, request.maxTokens());
    }

    private static boolean encrypts(XaiResponsesRequest request) {
        return request.model().can(Skill.ALWAYS_ENCRYPTED)
                || request.includes("reasoning.encrypted_content");
    }

    /**
     * What the searches brought, encrypted, as items of reasoning; and what was thought of it,
     * whose id is that of the first thoughts again.
     */
    private List<ObjectNode> found(
            XaiResponsesRequest request, String uuid, String callId, int calls) {
        var items = new ArrayList<ObjectNode>();
        for (int i = 0; i < calls && encrypts(request); i++) {
            var id = "tco_" + uuid + "_" + callId + i;
            items.add(sealed(request, id, id + "_"));
        }
        if (request.reasons() && encrypts(request)) {
            items.add(sealed(request, "rs_" + uuid, ""));
        }
        return items;
    }

    private ObjectNode sealed(XaiResponsesRequest request, String id, String prefix) {
        var item = Trees.object().put("id", id);
        var summary = item.putArray("summary");
        return item.put("type", "reasoning")
                .put("status", "completed")
                .put("encrypted_content", prefix + seals.seal(request.owner(), id, summary));
    }

    private static ObjectNode message(String uuid, ObjectNode part) {
        var message = Trees.object();
        message.putArray("content").add(part);
        return message.put("id", "msg_" + uuid)
                .put("role", "assistant")
                .put("type", "message")
                .put("status", "completed");
    }

    private static ObjectNode text(String text) {
        var part = Trees.object().put("type", "output_text").put("text", text);
        part.putArray("logprobs");
        part.putArray("annotations");
        return part;
    }

    private static String words(XaiResponsesRequest request, String text) {
        var schema = request.format().path("schema");
        if (schema.isObject()) {
            return Trees.write(Instances.of(schema, Hints.of(text)));
        }
        if (request.format().path("type").asText().equals("json_object")) {
            return Trees.write(Trees.object().put("answer", Wording.shorten(text.strip())));
        }
        var results = request.conversation().results();
        return results.isEmpty() ? Wording.reply(text) : Wording.replyToResults(results);
    }

    private List<ObjectNode> calls(XaiResponsesRequest request, String text, String uuid) {
        var choice = request.body().path("tool_choice");
        var named = Trees.string(choice, "name");
        boolean forced = named != null || choice.asText().equals("required");
        boolean answered = !forced && !request.conversation().results().isEmpty();
        if (choice.asText().equals("none") || answered) {
            return List.of();
        }
        var tools = new ArrayList<Tool>();
        for (var tool : request.tools()) {
            if (tool.path("type").asText().equals("function")) {
                tools.add(Tool.function(tool.path("name").asText(), tool.path("parameters")));
            }
        }
        boolean parallel = request.body().path("parallel_tool_calls").asBoolean(true);
        var wish = new ToolUse.Choice(forced, named, List.of(), parallel);
        var calls = new ArrayList<ObjectNode>();
        var callId = "call-" + ids.nextUuid() + "-";
        for (var made : ToolUse.calls(tools, wish, text)) {
            calls.add(
                    Trees.object()
                            .put("arguments", made.input())
                            .put("call_id", callId + calls.size())
                            .put("name", made.tool().name())
                            .put("type", "function_call")
                            .put("id", "fc_" + uuid + "_" + calls.size())
                            .put("status", "completed"));
        }
        return calls;
    }
}
