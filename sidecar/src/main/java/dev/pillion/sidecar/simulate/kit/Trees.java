package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON trees as the simulated vendors use them: plain Jackson, large strings allowed. */
public final class Trees {
    private static final int MAX_STRING_CHARS = 96 << 20;
    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(MAX_STRING_CHARS)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Trees() {}

    /**
     * Reads one JSON value.
     *
     * @throws IOException for anything that is not exactly one JSON value
     */
    public static JsonNode read(byte[] json) throws IOException {
        return MAPPER.readTree(json);
    }

    /** Reads JSON that this program wrote itself. */
    public static JsonNode own(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }

    public static String write(JsonNode node) {
        return node.toString();
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    public static JsonNode text(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }

    /** The text of a field, or null where there is none or it is no string. */
    public static @Nullable String string(JsonNode node, String field) {
        var value = node.get(field);
        return value == null ? null : value.textValue();
    }

    /** The text of a field, or a default. */
    public static String string(JsonNode node, String field, String otherwise) {
        var value = string(node, field);
        return value == null ? otherwise : value;
    }

    /** The items of an array field; nothing where there is no array. */
    public static List<JsonNode> items(@Nullable JsonNode array) {
        var items = new ArrayList<JsonNode>();
        if (array != null && array.isArray()) {
            array.forEach(items::add);
        }
        return items;
    }

    /** Whether a field is there and not null. */
    public static boolean has(JsonNode node, String field) {
        return node.hasNonNull(field);
    }
}
