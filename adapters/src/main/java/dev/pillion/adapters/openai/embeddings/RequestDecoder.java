package dev.pillion.adapters.openai.embeddings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.openai.Fields;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.embed.EmbedInput;
import dev.pillion.protocol.embed.EmbedInput.Content;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.embed.EmbedRequest.Encoding;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes one request; fields that the uniform form has no word for are kept raw. */
final class RequestDecoder {
    private static final Set<String> UNIFORM =
            Set.of("model", "input", "dimensions", "encoding_format", "user");
    private static final String INPUTS = "a string, or an array of strings, tokens or token arrays";

    private final ObjectNode body;
    private final ObjectNode rest;

    private RequestDecoder(ObjectNode body) {
        this.body = body;
        this.rest = Fields.unknown(body, UNIFORM);
    }

    static EmbedRequest decode(Surface client) {
        return new RequestDecoder(Fields.object(client.wellFormed(), "")).request();
    }

    private EmbedRequest request() {
        JsonNode dimensions = body.get("dimensions");
        boolean given = dimensions != null && !dimensions.isNull();
        Integer length = given ? Fields.positive(dimensions, "/dimensions") : null;
        Encoding encoding = encoding();
        return new EmbedRequest(
                Fields.string(body.get("model"), "/model"),
                contents().stream().map(content -> new EmbedInput(content, length)).toList(),
                encoding,
                Fields.stringOrNull(body, "user", ""),
                Extras.of(Marks.SPEAKS, rest));
    }

    /** Other encodings than the format's own are words of compatible servers, and stay raw. */
    private @Nullable Encoding encoding() {
        String word = Fields.stringOrNull(body, "encoding_format", "");
        for (Encoding encoding : Encoding.values()) {
            if (encoding.wire().equals(word)) {
                return encoding;
            }
        }
        if (word != null) {
            rest.put("encoding_format", word);
        }
        return null;
    }

    private List<Content> contents() {
        JsonNode input = body.get("input");
        if (input != null && input.isTextual()) {
            return List.of(new Content.Text(input.textValue()));
        }
        if (input == null || !input.isArray()) {
            throw Fields.wrong(input, "/input", INPUTS);
        }
        if (input.isEmpty()) {
            throw Fault.invalid("/input: empty (expected: at least one input)", "/input")
                    .asException();
        }
        if (input.path(0).isNumber()) {
            return List.of(tokens(input, "/input"));
        }
        List<Content> contents = new ArrayList<>(input.size());
        for (JsonNode item : input) {
            String pointer = "/input/" + contents.size();
            contents.add(
                    item.isArray()
                            ? tokens(item, pointer)
                            : new Content.Text(Fields.string(item, pointer)));
        }
        return contents;
    }

    private static Content tokens(JsonNode array, String pointer) {
        int[] tokens = new int[array.size()];
        for (int i = 0; i < tokens.length; i++) {
            JsonNode token = array.get(i);
            if (!token.isIntegralNumber() || !token.canConvertToInt() || token.intValue() < 0) {
                throw Fields.wrong(token, pointer + "/" + i, "a token, an integer >= 0");
            }
            tokens[i] = token.intValue();
        }
        return new Content.Tokens(tokens);
    }
}
