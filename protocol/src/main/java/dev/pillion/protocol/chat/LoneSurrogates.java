package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.Map;

/**
 * Refuses strings that hold half a character: JSON can escape one ({@code \ud800}), UTF-8 can't say
 * it, and vendors answer it with 400.
 */
public final class LoneSurrogates {
    private LoneSurrogates() {}

    /**
     * The tree of a body in which there is none.
     *
     * @param body UTF-8: who read it has looked
     * @throws MalformedJson where it is no JSON
     */
    public static JsonNode read(byte[] body) throws MalformedJson {
        Json.Text text = Json.readText(body);
        if (text.halves()) { // Most bodies escape none, and are spared the walk.
            refuse(text.root(), "");
        }
        return text.root();
    }

    private static void refuse(JsonNode node, String pointer) {
        if (node.isTextual()) {
            if (lone(node.textValue())) {
                throw Fault.invalid(
                                pointer + ": half of a surrogate pair (expected: whole characters)",
                                pointer)
                        .asException();
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                refuse(node.get(i), pointer + "/" + i);
            }
        } else if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                refuse(field.getValue(), pointer + "/" + field.getKey());
            }
        }
    }

    private static boolean lone(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }
}
