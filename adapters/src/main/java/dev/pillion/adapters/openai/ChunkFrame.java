package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What all chunks of an answer have in common. */
final class ChunkFrame {
    private final ReplyContext context;

    ChunkFrame(ReplyContext context) {
        this.context = context;
    }

    /** The answer's id on this surface. */
    static String id(ReplyContext context) {
        return "chatcmpl-" + context.requestId();
    }

    /** A chunk whose delta has the fields that the body writes. */
    void delta(ByteSink out, SseWriter.Body fields) {
        SseWriter.frame(
                out,
                null,
                json -> {
                    open(json);
                    json.writeArrayFieldStart("choices");
                    json.writeStartObject();
                    json.writeNumberField("index", 0);
                    json.writeObjectFieldStart("delta");
                    fields.write(json);
                    json.writeEndObject();
                    json.writeNullField("logprobs");
                    json.writeNullField("finish_reason");
                    json.writeEndObject();
                    json.writeEndArray();
                    close(json);
                });
    }

    /** A chunk of one tool call. */
    void call(ByteSink out, int index, SseWriter.Body fields) {
        delta(
                out,
                json -> {
                    json.writeArrayFieldStart("tool_calls");
                    json.writeStartObject();
                    json.writeNumberField("index", index);
                    fields.write(json);
                    json.writeEndObject();
                    json.writeEndArray();
                });
    }

    /** The last chunk with a choice; {@code tier} is known only now, null: not said. */
    void finish(ByteSink out, String reason, @Nullable String tier) {
        SseWriter.frame(
                out,
                null,
                json -> {
                    open(json);
                    json.writeArrayFieldStart("choices");
                    json.writeStartObject();
                    json.writeNumberField("index", 0);
                    json.writeObjectFieldStart("delta");
                    json.writeEndObject();
                    json.writeNullField("logprobs");
                    json.writeStringField("finish_reason", reason);
                    json.writeEndObject();
                    json.writeEndArray();
                    if (tier != null) {
                        json.writeStringField("service_tier", tier);
                    }
                    close(json);
                });
    }

    void usage(ByteSink out, Usage usage) {
        SseWriter.frame(
                out,
                null,
                json -> {
                    open(json);
                    json.writeArrayFieldStart("choices");
                    json.writeEndArray();
                    json.writeFieldName("usage");
                    Usages.write(json, usage);
                    json.writeEndObject();
                });
    }

    private void open(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id(context));
        json.writeStringField("object", "chat.completion.chunk");
        json.writeNumberField("created", context.createdEpochSeconds());
        json.writeStringField("model", context.model());
    }

    /** With usage to come, every other chunk says that it has none. */
    private void close(JsonGenerator json) throws IOException {
        if (context.usageAsked()) {
            json.writeNullField("usage");
        }
        json.writeEndObject();
    }
}
