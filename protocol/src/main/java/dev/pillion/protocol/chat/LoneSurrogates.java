package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSearch;
import java.util.Map;

/**
 * Refuses strings that hold half a character: JSON can escape one ({@code \ud800}), UTF-8 can't say
 * it, and vendors answer it with 400.
 */
public final class LoneSurrogates {
    private LoneSurrogates() {}

    /** Looks through the whole tree, which was read from the body. */
    public static void refuse(byte[] body, JsonNode root) {
        if (mayHoldOne(body)) {
            refuse(root, "");
        }
    }

    /** Only an escape makes one: most bodies have none, and are spared the walk. */
    private static boolean mayHoldOne(byte[] body) {
        int end = body.length - 2;
        int at = ByteSearch.indexOf(body, 0, end, '\\');
        while (at < end) {
            if (body[at + 1] == 'u' && (body[at + 2] | 0x20) == 'd') {
                return true;
            }
            at = ByteSearch.indexOf(body, at + 1, end, '\\');
        }
        return false;
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
