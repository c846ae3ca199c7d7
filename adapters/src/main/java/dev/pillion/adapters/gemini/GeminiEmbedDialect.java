package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.EmbedDialect;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.Vectors;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.embed.EmbedInput;
import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * Embeddings, inbound: {@code POST /v1beta/models/MODEL:embedContent} and {@code
 * :batchEmbedContents} as Google's GenAI SDKs speak it. Source: Gemini API v1 and v1beta, SDKs 3.x
 * of 2026-11.
 */
public final class GeminiEmbedDialect implements EmbedDialect {
    private static final Forwarding PASSTHROUGH = new GeminiEmbedForwarding();

    @Override
    public String surface() {
        return "embedContent";
    }

    @Override
    public String vendor() {
        return GeminiApi.NAME;
    }

    @Override
    public Outline outline(Surface client) {
        EmbedRequest request = decode(client);
        return new Outline(
                request.model(),
                false,
                needs(request),
                Set.of(),
                client.body().length,
                -1,
                -1,
                0,
                false,
                Outline.Splice.NONE,
                null);
    }

    private static Set<Need> needs(EmbedRequest request) {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        for (EmbedInput input : request.inputs()) {
            if (input.content() instanceof EmbedInput.Content.Parts several) {
                Needs.ofParts(several.parts(), needs);
            }
        }
        return needs;
    }

    @Override
    public EmbedRequest decode(Surface client) {
        return GeminiEmbedDecoder.decode(client);
    }

    @Override
    public void reply(
            EmbedReply reply, EmbedRequest request, String model, Surface client, ByteSink out) {
        boolean batch = GeminiPath.of(client).method().equals(GeminiEmbedDecoder.BATCH);
        SseWriter.json(
                out,
                json -> {
                    json.writeStartObject();
                    if (batch) {
                        json.writeArrayFieldStart("embeddings");
                        for (float[] vector : reply.vectors()) {
                            embedding(vector, json);
                        }
                        json.writeEndArray();
                    } else {
                        json.writeFieldName("embedding");
                        embedding(reply.vectors().getFirst(), json);
                    }
                    usage(reply, json);
                    json.writeEndObject();
                });
    }

    private static void embedding(float[] vector, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeFieldName("values");
        Vectors.write(json, vector);
        json.writeEndObject();
    }

    /** As the vendor says it; of another vendor the count; an estimate is nobody's usage. */
    private static void usage(EmbedReply reply, JsonGenerator json) throws IOException {
        var own = reply.extras().forVendor(GeminiApi.NAME);
        JsonNode metadata = own == null ? null : own.get("usageMetadata");
        Usage usage = reply.usage();
        if (metadata != null) {
            json.writeFieldName("usageMetadata");
            json.writeTree(metadata);
        } else if (usage != null && !usage.estimated()) {
            json.writeObjectFieldStart("usageMetadata");
            json.writeNumberField("promptTokenCount", usage.inputTokens());
            json.writeEndObject();
        }
    }

    @Override
    public ErrorShape errors() {
        return GeminiErrors.SHAPE;
    }

    @Override
    public Forwarding passthrough() {
        return PASSTHROUGH;
    }
}
