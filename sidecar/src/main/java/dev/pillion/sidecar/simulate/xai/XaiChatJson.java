package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;

/** A completion as this vendor writes it: bare ids, whole calls, and no keys that say nothing. */
final class XaiChatJson {
    private static final String FINGERPRINT = "fp_51mu1a7ed0";

    private final XaiChatRequest request;
    private final XaiChatAnswer answer;
    private final ObjectNode usage;
    private final String id;
    private final long createdSeconds;

    XaiChatJson(
            XaiChatRequest request,
            XaiChatAnswer answer,
            ObjectNode usage,
            String id,
            long createdSeconds) {
        this.request = request;
        this.answer = answer;
        this.usage = usage;
        this.id = id;
        this.createdSeconds = createdSeconds;
    }

    private ObjectNode head(String object) {
        return Trees.object()
                .put("id", id)
                .put("object", object)
                .put("created", createdSeconds)
                .put("model", request.model().sample());
    }

    ObjectNode whole() {
        var body = head("chat.completion");
        var choice = body.putArray("choices").addObject().put("index", 0);
        var message =
                choice.putObject("message")
                        .put("role", "assistant")
                        .put("content", answer.content());
        if (answer.thought() != null) {
            message.put("reasoning_content", answer.thought());
        }
        if (!answer.calls().isEmpty()) {
            var calls = message.putArray("tool_calls");
            answer.calls().forEach(calls::add);
        }
        message.putNull("refusal");
        choice.put("finish_reason", answer.finishReason());
        body.set("usage", usage);
        return body.put("system_fingerprint", FINGERPRINT);
    }

    /** The chunks, {@code [DONE]} included. */
    List<SseEvent> events() {
        var events = new ArrayList<SseEvent>();
        for (var delta : deltas()) {
            if (events.isEmpty()) {
                delta.put("role", "assistant");
            }
            events.add(chunk(Trees.object().put("index", 0).set("delta", delta)));
        }
        var last = Trees.object().put("index", 0);
        last.putObject("delta");
        events.add(chunk(last.put("finish_reason", answer.finishReason())));
        if (request.body().path("stream_options").path("include_usage").asBoolean()) {
            var counted = head("chat.completion.chunk");
            counted.putArray("choices");
            counted.set("usage", usage);
            counted.put("system_fingerprint", FINGERPRINT);
            events.add(new SseEvent(null, Trees.write(counted)));
        }
        events.add(new SseEvent(null, "[DONE]"));
        return events;
    }

    private SseEvent chunk(ObjectNode choice) {
        var chunk = head("chat.completion.chunk");
        chunk.putArray("choices").add(choice);
        return new SseEvent(null, Trees.write(chunk.put("system_fingerprint", FINGERPRINT)));
    }

    private List<ObjectNode> deltas() {
        var deltas = new ArrayList<ObjectNode>();
        if (answer.thought() != null) {
            for (var piece : Wording.pieces(answer.thought())) {
                deltas.add(Trees.object().put("reasoning_content", piece));
            }
        }
        for (var piece : Wording.pieces(answer.content())) {
            deltas.add(Trees.object().put("content", piece));
        }
        for (int i = 0; i < answer.calls().size(); i++) {
            var delta = Trees.object();
            delta.putArray("tool_calls").add(answer.calls().get(i).deepCopy().put("index", i));
            deltas.add(delta);
        }
        if (deltas.isEmpty()) {
            deltas.add(Trees.object().put("content", ""));
        }
        return deltas;
    }
}
