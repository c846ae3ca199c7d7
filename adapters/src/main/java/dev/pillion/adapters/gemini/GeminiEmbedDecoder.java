package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.embed.EmbedInput;
import dev.pillion.protocol.embed.EmbedInput.Content;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes {@code embedContent} and {@code batchEmbedContents}; the path tells which and whom. */
final class GeminiEmbedDecoder {
    static final String BATCH = "batchEmbedContents";

    private final GeminiPath path;

    private GeminiEmbedDecoder(GeminiPath path) {
        this.path = path;
    }

    static EmbedRequest decode(Surface client) {
        GeminiPath path = GeminiPath.of(client);
        GeminiObject body = GeminiObject.of(client.wellFormed(), "");
        return new GeminiEmbedDecoder(path).request(body);
    }

    private EmbedRequest request(GeminiObject body) {
        if (!path.method().equals(BATCH)) {
            return request(List.of(input(body)), Json.object());
        }
        List<EmbedInput> inputs = new ArrayList<>();
        for (GeminiObject.Item item : body.list("requests")) {
            inputs.add(input(item.object()));
        }
        if (inputs.isEmpty()) {
            throw GeminiObject.wrong(null, body.at("requests"), "at least one request");
        }
        return request(inputs, body.rest());
    }

    private EmbedRequest request(List<EmbedInput> inputs, ObjectNode rest) {
        return new EmbedRequest(path.model(), inputs, null, null, Extras.of(GeminiApi.NAME, rest));
    }

    private EmbedInput input(GeminiObject request) {
        model(request);
        GeminiObject content = request.object("content");
        if (content == null) {
            throw GeminiObject.wrong(null, request.at("content"), "an object");
        }
        List<Part> parts = parts(content);
        Long dimensions = request.integer("outputDimensionality", 1, Integer.MAX_VALUE);
        String task = word(request.text("taskType"));
        String title = word(request.text("title"));
        ObjectNode rest = request.rest();
        ObjectNode contentRest = content.rest();
        if (!contentRest.isEmpty()) {
            rest.set("content", contentRest);
        }
        return new EmbedInput(
                content(parts),
                dimensions == null ? null : Integer.valueOf(dimensions.intValue()),
                task,
                title,
                Extras.of(GeminiApi.NAME, rest));
    }

    /** Each request names the model once more, and no other. */
    private void model(GeminiObject request) {
        String named = request.text("model");
        if (named != null && !named.isEmpty()) {
            String bare = named.startsWith("models/") ? named.substring(7) : named;
            if (!bare.equals(path.model())) {
                throw GeminiObject.wrong(
                        request.get("model"), request.at("model"), "the model in the path");
            }
        }
    }

    /** Who speaks does not matter to a vector. */
    private static List<Part> parts(GeminiObject content) {
        content.text("role");
        List<Part> parts = new ArrayList<>();
        for (GeminiObject.Item item : content.list("parts")) {
            parts.add(GeminiPartDecoder.ofUser(item.object(), item.node()));
        }
        if (parts.isEmpty()) {
            throw GeminiObject.wrong(
                    content.get("parts"), content.at("parts"), "at least one part");
        }
        return parts;
    }

    private static Content content(List<Part> parts) {
        boolean text =
                parts.size() == 1
                        && parts.getFirst() instanceof Part.Text only
                        && only.extras().isEmpty();
        return text
                ? new Content.Text(((Part.Text) parts.getFirst()).text())
                : new Content.Parts(List.copyOf(parts));
    }

    /** An empty string is what proto3 says for nothing. */
    private static @Nullable String word(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
