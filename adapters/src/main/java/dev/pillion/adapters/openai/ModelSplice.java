package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.adapters.Edit;
import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Hands a request for vectors or a count on as slices of what came, with the model's name put in;
 * not a byte else is changed.
 */
public final class ModelSplice implements Forwarding {
    private final String path;

    /** For the method at that path, below a base address that carries {@code /v1}. */
    public ModelSplice(String path) {
        this.path = path;
    }

    /** One scan for the model's name; the whole body is checked for being JSON by the way. */
    public static Outline outline(byte[] body) {
        try (JsonParser parser = Json.parserOfUtf8(body, 0, body.length)) {
            return outline(body, parser);
        } catch (IOException e) {
            String what =
                    e instanceof JsonProcessingException json
                            ? MalformedJson.of(json).getMessage()
                            : "not UTF-8 text";
            throw Fault.invalid("the body is not valid JSON: " + what, "").asException();
        }
    }

    private static Outline outline(byte[] body, JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw Fault.invalid("(body): no object (expected: an object)", "").asException();
        }
        String model = null;
        int start = -1;
        int end = -1;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("model") && value == JsonToken.VALUE_STRING) {
                start = (int) parser.currentTokenLocation().getByteOffset();
                model = parser.getText();
                end = (int) parser.currentLocation().getByteOffset();
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw Fault.invalid("the body goes on after its JSON value", "").asException();
        }
        return new Outline(
                model,
                false,
                Set.of(),
                Set.of(),
                body.length,
                start,
                end,
                0,
                false,
                Outline.Splice.NONE,
                null);
    }

    @Override
    public String speaks() {
        return Marks.SPEAKS;
    }

    @Override
    public UpstreamCall call(Surface client, Outline outline, String model) {
        byte[] name = Json.bytes(Json.nodes().textNode(model));
        List<Edit> edits = new ArrayList<>(1);
        edits.add(new Edit(outline.modelStart(), outline.modelEnd(), name));
        return new UpstreamCall(
                "POST",
                path,
                RequestEncoder.headers(false),
                Edit.apply(client.body(), edits),
                false,
                List.of(),
                null);
    }

    @Override
    public boolean handsOn(String header) {
        return RateLimitHeaders.isHandedOn(header);
    }
}
