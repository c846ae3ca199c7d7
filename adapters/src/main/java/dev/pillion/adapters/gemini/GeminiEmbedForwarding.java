package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.wire.Json;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Hands a request for vectors on: the model's name is put into the path, and wherever the body
 * names it once more; all else stays as it came.
 */
final class GeminiEmbedForwarding implements Forwarding {
    private static final int MAX_BYTES = 1 << 20;

    @Override
    public String speaks() {
        return GeminiApi.NAME;
    }

    /** A larger body was decoded elsewhere already, and is not read again where others wait. */
    @Override
    public boolean fits(Outline outline, ModelTraits model) {
        return outline.bodyBytes() <= MAX_BYTES;
    }

    @Override
    public UpstreamCall call(Surface client, Outline outline, String model) {
        JsonNode body = client.json();
        String resource = GeminiMethods.resource(model);
        boolean changed = rename(body, resource);
        for (JsonNode request : body.path("requests")) {
            changed |= rename(request, resource);
        }
        return new UpstreamCall(
                "POST",
                GeminiMethods.path(model, GeminiPath.of(client).method()),
                GeminiEmbedder.HEADERS,
                List.of(ByteBuffer.wrap(changed ? Json.bytes(body) : client.body())),
                false,
                List.of(),
                null);
    }

    private static boolean rename(JsonNode request, String resource) {
        boolean other =
                request.path("model").isTextual()
                        && !request.path("model").textValue().equals(resource);
        if (other) {
            ((ObjectNode) request).put("model", resource);
        }
        return other;
    }

    /** Google names neither limits nor requests in headers. */
    @Override
    public boolean handsOn(String header) {
        return header.equals("retry-after");
    }
}
