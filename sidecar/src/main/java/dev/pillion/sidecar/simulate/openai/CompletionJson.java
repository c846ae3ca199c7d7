package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer as the vendor writes it: at once, or as chunks. */
final class CompletionJson {
    private final ChatRequest request;
    private final List<ChatAnswer> answers;
    private final ObjectNode usage;
    private final String id;
    private final long createdSeconds;

    CompletionJson(
            ChatRequest request,
            List<ChatAnswer> answers,
            ObjectNode usage,
            String id,
            long createdSeconds) {
        this.request = request;
        this.answers = answers;
        this.usage = usage;
        this.id = id;
        this.createdSeconds = createdSeconds;
    }

    private ObjectNode head(String object) {
        return Trees.object()
                .put("id", id)
                .put("object", object)
                .put("created", createdSeconds)
                .put("model", request.model().resolve(request.modelId()));
    }

    private ObjectNode tail(ObjectNode body) {
        return body.put("service_tier", "default").putNull("system_fingerprint");
    }

    ObjectNode whole() {
        var body = head("chat.completion");
        var choices = body.putArray("choices");
        for (int i = 0; i < answers.size(); i++) {
            var choice = choices.addObject().put("index", i);
            choice.set("message", message(answers.get(i)));
            choice.set("logprobs", logprobs(answers.get(i).content()));
            choice.put("finish_reason", answers.get(i).finishReason());
        }
        body.set("usage", usage);
        return tail(body);
    }

    private static ObjectNode message(ChatAnswer answer) {
        var message =
                Trees.object()
                        .put("role", "assistant")
                        .put("content", answer.content())
                        .put("refusal", answer.refusal());
        if (!answer.toolCalls().isEmpty()) {
            var calls = message.putArray("tool_calls");
            answer.toolCalls().forEach(calls::add);
        }
        if (answer.functionCall() != null) {
            message.set("function_call", answer.functionCall());
        }
        if (answer.audio() != null) {
            message.set("audio", answer.audio());
        }
        var annotations = message.putArray("annotations");
        answer.annotations().forEach(annotations::add);
        return message;
    }

    private @Nullable JsonNode logprobs(@Nullable String content) {
        if (!request.body().path("logprobs").asBoolean() || content == null) {
            return null;
        }
        var logprobs = Trees.object();
        logprobs.set("content", Logprobs.of(content, request.body().path("top_logprobs").asInt()));
        return logprobs.putNull("refusal");
    }

    /** The chunks, {@code [DONE]} included. */
    List<SseEvent> events() {
        var events = new ArrayList<SseEvent>();
        for (int i = 0; i < answers.size(); i++) {
            for (var delta : deltas(answers.get(i))) {
                events.add(chunk(i, delta, null));
            }
            events.add(chunk(i, Trees.object(), answers.get(i).finishReason()));
        }
        var options = request.body().path("stream_options");
        if (options.path("include_usage").asBoolean()) {
            var last = head("chat.completion.chunk");
            last.putArray("choices");
            tail(last).set("usage", usage);
            events.add(new SseEvent(null, Trees.write(obfuscate(last))));
        }
        events.add(new SseEvent(null, "[DONE]"));
        return events;
    }

    private SseEvent chunk(int index, ObjectNode delta, @Nullable String finish) {
        var chunk = tail(head("chat.completion.chunk"));
        var choice = chunk.putArray("choices").addObject().put("index", index);
        choice.set("delta", delta);
        var content = Trees.string(delta, "content");
        choice.set("logprobs", content == null || content.isEmpty() ? null : logprobs(content));
        choice.put("finish_reason", finish);
        if (request.body().path("stream_options").path("include_usage").asBoolean()) {
            chunk.putNull("usage");
        }
        return new SseEvent(null, Trees.write(obfuscate(chunk)));
    }

    /** Random padding, so that the length of a chunk tells nothing; on unless it is declined. */
    private ObjectNode obfuscate(ObjectNode chunk) {
        var options = request.body().path("stream_options");
        if (!options.path("include_obfuscation").asBoolean(true)) {
            return chunk;
        }
        int length = 1 + (chunk.toString().length() * 7) % 11;
        return chunk.put("obfuscation", "x8KqT3mZr0Wv".substring(0, length));
    }

    private static List<ObjectNode> deltas(ChatAnswer answer) {
        var deltas = new ArrayList<ObjectNode>();
        boolean speaks = answer.content() != null || answer.refusal() != null;
        deltas.add(
                Trees.object()
                        .put("role", "assistant")
                        .put("content", speaks ? "" : null)
                        .putNull("refusal"));
        pieces(deltas, "content", answer.content());
        pieces(deltas, "refusal", answer.refusal());
        for (var annotation : answer.annotations()) {
            var delta = Trees.object();
            delta.putArray("annotations").add(annotation);
            deltas.add(delta);
        }
        for (int i = 0; i < answer.toolCalls().size(); i++) {
            ToolCallDeltas.add(deltas, answer.toolCalls().get(i), i);
        }
        if (answer.functionCall() != null) {
            ToolCallDeltas.addLegacy(deltas, answer.functionCall());
        }
        if (answer.audio() != null) {
            audio(deltas, answer.audio());
        }
        return deltas;
    }

    private static void pieces(List<ObjectNode> deltas, String field, @Nullable String text) {
        if (text != null) {
            for (var piece : Wording.pieces(text)) {
                deltas.add(Trees.object().put(field, piece));
            }
        }
    }

    private static void audio(List<ObjectNode> deltas, ObjectNode audio) {
        for (var field : List.of("transcript", "data", "expires_at")) {
            var delta = Trees.object();
            delta.putObject("audio")
                    .put("id", audio.path("id").asText())
                    .set(field, audio.get(field));
            deltas.add(delta);
        }
    }
}
