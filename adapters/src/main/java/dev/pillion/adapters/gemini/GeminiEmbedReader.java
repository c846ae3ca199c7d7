package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Vectors;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the answer to either method in one pass, since a batch may be tens of megabytes. */
final class GeminiEmbedReader {
    private final JsonParser parser;
    private final boolean values;
    private final List<float[]> vectors = new ArrayList<>();
    private final ObjectNode rest = Json.object();
    private boolean seen;

    private GeminiEmbedReader(JsonParser parser, boolean values) {
        this.parser = parser;
        this.values = values;
    }

    static EmbedReply read(ByteBuffer body, boolean values) {
        int from = body.arrayOffset() + body.position();
        try (JsonParser parser = Json.parser(body.array(), from, body.remaining())) {
            return new GeminiEmbedReader(parser, values).reply();
        } catch (IOException e) {
            throw nonsense("is not valid JSON");
        }
    }

    private EmbedReply reply() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw nonsense("is no object");
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("embeddings") && value == JsonToken.START_ARRAY) {
                seen = true;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    embedding();
                }
            } else if (name.equals("embedding")) {
                seen = true;
                embedding();
            } else {
                rest.set(name, Json.value(parser));
            }
        }
        if (parser.nextToken() != null) {
            throw nonsense("goes on after its JSON value");
        }
        if (!seen) {
            throw rest.path("error").isObject()
                    ? GeminiFaults.inside(rest, Headers.NONE).asException()
                    : nonsense("has no embeddings");
        }
        return new EmbedReply(
                null,
                List.copyOf(vectors),
                usage(rest.path("usageMetadata")),
                Extras.of(GeminiApi.NAME, rest));
    }

    private void embedding() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw nonsense("has an embedding that is no object");
        }
        float[] vector = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("values") && value == JsonToken.START_ARRAY) {
                vector = Vectors.read(parser, values);
            } else {
                parser.skipChildren();
            }
        }
        if (vector == null) {
            throw nonsense("has an embedding without values");
        }
        vectors.add(vector);
    }

    private static @Nullable Usage usage(JsonNode metadata) {
        long tokens = metadata.path("promptTokenCount").asLong(0);
        if (tokens <= 0) {
            return null;
        }
        return new Usage(
                tokens,
                0,
                0,
                0,
                0,
                0,
                of(metadata, "AUDIO"),
                0,
                0,
                null,
                false,
                of(metadata, "IMAGE"),
                of(metadata, "VIDEO"));
    }

    private static long of(JsonNode metadata, String modality) {
        return GeminiUsage.modality(metadata.path("promptTokenDetails"), modality);
    }

    private static FaultException nonsense(String what) {
        return Fault.protocol("the vendor's answer " + what).asException();
    }
}
