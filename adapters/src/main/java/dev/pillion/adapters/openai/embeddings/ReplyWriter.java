package dev.pillion.adapters.openai.embeddings;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Vectors;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest.Encoding;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes one answer. */
final class ReplyWriter {
    private ReplyWriter() {}

    static void write(EmbedReply reply, @Nullable Encoding encoding, String model, ByteSink out) {
        SseWriter.json(out, json -> write(reply, encoding, model, json));
    }

    private static void write(
            EmbedReply reply, @Nullable Encoding encoding, String model, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("object", "list");
        json.writeArrayFieldStart("data");
        for (int i = 0; i < reply.vectors().size(); i++) {
            json.writeStartObject();
            json.writeStringField("object", "embedding");
            json.writeNumberField("index", i);
            json.writeFieldName("embedding");
            vector(reply.vectors().get(i), encoding, json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("model", reply.model() == null ? model : reply.model());
        rest(reply, json);
        json.writeEndObject();
    }

    private static void vector(float[] vector, @Nullable Encoding encoding, JsonGenerator json)
            throws IOException {
        if (encoding == Encoding.BASE64) {
            json.writeString(Vectors.toBase64(vector));
        } else {
            Vectors.write(json, vector);
        }
    }

    /** What a server of this format said besides; else the usage that clients rely on. */
    private static void rest(EmbedReply reply, JsonGenerator json) throws IOException {
        ObjectNode own = reply.extras().forVendor(Marks.SPEAKS);
        if (own != null) {
            for (var field : own.properties()) {
                json.writeFieldName(field.getKey());
                json.writeTree(field.getValue());
            }
        }
        if (own == null || !own.has("usage")) {
            long tokens = (reply.usage() == null ? Usage.NONE : reply.usage()).inputTokens();
            json.writeObjectFieldStart("usage");
            json.writeNumberField("prompt_tokens", tokens);
            json.writeNumberField("total_tokens", tokens);
            json.writeEndObject();
        }
    }
}
