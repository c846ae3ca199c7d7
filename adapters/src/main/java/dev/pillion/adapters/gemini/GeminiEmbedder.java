package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Embedder;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.embed.EmbedInput;
import dev.pillion.protocol.embed.EmbedInput.Content;
import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * Embeddings, outbound: always {@code batchEmbedContents}, as Google's SDKs do, since its answer
 * tells the usage. Source: Gemini API v1beta, 2026-11. Vectors come as the vendor makes them: those
 * that are shortened need not be of length 1.
 */
final class GeminiEmbedder implements Embedder {
    static final Headers HEADERS =
            Headers.of("content-type", "application/json", "accept", "application/json");

    @Override
    public UpstreamCall encode(EmbedRequest request, EncodeContext context) {
        var losses = new Losses(context.lossy());
        losses.loseForeign(request.extras(), GeminiApi.NAME, "");
        ObjectNode body = Json.object();
        ObjectNode own = request.extras().forVendor(GeminiApi.NAME);
        if (own != null) {
            body.setAll(own);
        }
        ArrayNode requests = body.putArray("requests");
        for (int i = 0; i < request.inputs().size(); i++) {
            String pointer = "/inputs/" + i;
            EmbedInput input = request.inputs().get(i);
            losses.loseForeign(input.extras(), GeminiApi.NAME, pointer);
            requests.add(input(input, context, pointer));
        }
        return new UpstreamCall(
                "POST",
                GeminiMethods.path(context.model().id(), GeminiEmbedDecoder.BATCH),
                HEADERS,
                List.of(Json.sink(body).view()),
                false,
                losses.dropped(),
                null);
    }

    private static ObjectNode input(EmbedInput input, EncodeContext context, String pointer) {
        ObjectNode request =
                Json.object().put("model", GeminiMethods.resource(context.model().id()));
        ObjectNode content = request.putObject("content");
        content.set("parts", parts(input.content(), context, pointer + "/content"));
        if (input.task() != null) {
            request.put("taskType", input.task());
        }
        if (input.title() != null) {
            request.put("title", input.title());
        }
        if (input.dimensions() != null) {
            request.put("outputDimensionality", input.dimensions());
        }
        ObjectNode own = input.extras().forVendor(GeminiApi.NAME);
        if (own != null) {
            for (var field : own.properties()) {
                if (field.getKey().equals("content")) {
                    content.setAll((ObjectNode) field.getValue());
                } else {
                    request.set(field.getKey(), field.getValue());
                }
            }
        }
        return request;
    }

    /** What is embedded is never left out: a vector of something else is of no use. */
    private static ArrayNode parts(Content content, EncodeContext context, String pointer) {
        ArrayNode parts = Json.nodes().arrayNode();
        switch (content) {
            case Content.Text text -> parts.addObject().put("text", text.text());
            case Content.Tokens _ ->
                    throw Fault.unsupported(
                                    pointer + ": tokens (Gemini embeds text and media)", pointer)
                            .asException();
            case Content.Parts several -> {
                var media = new GeminiMediaEncoder(context, new Losses(false));
                for (Part part : several.parts()) {
                    parts.add(part(part, media, pointer + "/" + parts.size()));
                }
            }
        }
        return parts;
    }

    private static ObjectNode part(Part part, GeminiMediaEncoder media, String pointer) {
        new Losses(false).loseForeign(part.extras(), GeminiApi.NAME, pointer);
        ObjectNode encoded =
                switch (part) {
                    case Part.Text text -> Json.object().put("text", text.text());
                    case Part.Image _, Part.Document _, Part.Audio _, Part.Video _ ->
                            Objects.requireNonNull(media.part(part, pointer));
                    case Part.ToolCall _, Part.ToolResult _, Part.Thinking _, Part.VendorItem _ ->
                            throw Fault.unsupported(
                                            pointer + ": no text or medium (nothing to embed)",
                                            pointer)
                                    .asException();
                };
        ObjectNode own = part.extras().forVendor(GeminiApi.NAME);
        if (own != null) {
            encoded.setAll(own);
        }
        return encoded;
    }

    @Override
    public EmbedReply decode(EmbedRequest request, ByteBuffer body, boolean values) {
        return GeminiEmbedReader.read(body, values);
    }
}
