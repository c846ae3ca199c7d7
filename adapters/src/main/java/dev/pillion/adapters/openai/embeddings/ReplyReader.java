package dev.pillion.adapters.openai.embeddings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Vectors;
import dev.pillion.adapters.openai.Faults;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads one answer in one pass, since a batch of vectors may be tens of megabytes. */
final class ReplyReader {
    private final JsonParser parser;
    private final boolean values;
    private final boolean base64Asked;
    private final float[][] vectors;
    private final ObjectNode rest = Json.object();
    private int position;
    private boolean dataSeen;

    private ReplyReader(JsonParser parser, EmbedRequest request, boolean values) {
        this.parser = parser;
        this.values = values;
        this.base64Asked = request.encoding() == EmbedRequest.Encoding.BASE64;
        this.vectors = new float[request.inputs().size()][];
    }

    static EmbedReply read(EmbedRequest request, ByteBuffer body, boolean values) {
        int from = body.arrayOffset() + body.position();
        try (JsonParser parser = Json.parser(body.array(), from, body.remaining())) {
            return new ReplyReader(parser, request, values).reply();
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
            if (name.equals("data") && value == JsonToken.START_ARRAY) {
                data();
            } else {
                rest.set(name, Json.value(parser));
            }
        }
        if (parser.nextToken() != null) {
            throw nonsense("goes on after its JSON value");
        }
        if (!dataSeen) {
            throw Faults.isError(rest)
                    ? Faults.inside(rest).asException()
                    : nonsense("has no data");
        }
        JsonNode model = rest.path("model");
        return new EmbedReply(
                model.isTextual() ? model.textValue() : null,
                Arrays.stream(vectors).filter(Objects::nonNull).toList(),
                usage(rest.path("usage")),
                Extras.of(Marks.SPEAKS, rest.without(List.of("object", "model"))));
    }

    private void data() throws IOException {
        dataSeen = true;
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            if (token != JsonToken.START_OBJECT) {
                throw nonsense("has data that is no object");
            }
            item();
            position++;
        }
    }

    /** The index tells the input; where there is none, the place does. */
    private void item() throws IOException {
        long index = position;
        float[] vector = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getLongValue();
            } else if (name.equals("embedding")) {
                vector = vector(value);
            } else {
                parser.skipChildren();
            }
        }
        if (vector == null) {
            throw nonsense("has data without an embedding");
        }
        if (index < 0 || index >= vectors.length || vectors[(int) index] != null) {
            throw nonsense("has an index out of place, " + index);
        }
        vectors[(int) index] = vector;
    }

    private float[] vector(JsonToken value) throws IOException {
        if (value == JsonToken.START_ARRAY) {
            return Vectors.read(parser, values);
        }
        if (value != JsonToken.VALUE_STRING) {
            throw nonsense("has an embedding that is no vector");
        }
        if (!values) {
            return new float[0];
        }
        if (!base64Asked) {
            throw nonsense("has a vector in an encoding that was not asked for");
        }
        return Vectors.fromBase64(parser.getText());
    }

    private static @Nullable Usage usage(JsonNode usage) {
        JsonNode tokens = usage.path("prompt_tokens");
        return tokens.isIntegralNumber() && tokens.longValue() >= 0
                ? new Usage(tokens.longValue(), 0, 0, 0, 0, 0, 0, 0, 0, null, false)
                : null;
    }

    private static FaultException nonsense(String what) {
        return Fault.protocol("the vendor's answer " + what).asException();
    }
}
