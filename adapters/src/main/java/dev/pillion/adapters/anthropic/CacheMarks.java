package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.CacheMark;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cache marks on a rendered request: at most four, and long-lived ones before short-lived ones in
 * the order tools, system, messages. Marks are hints, so what is too much is left out.
 */
final class CacheMarks {
    private static final String FIELD = "cache_control";

    private CacheMarks() {}

    static void put(ObjectNode block, @Nullable CacheMark mark) {
        if (mark == null) {
            return;
        }
        ObjectNode control = block.putObject(FIELD).put("type", "ephemeral");
        if (mark == CacheMark.ONE_HOUR) {
            control.put("ttl", "1h");
        }
    }

    /** Brings the body's marks within the limits; says whether there are any. */
    static boolean limit(ObjectNode body) {
        List<ObjectNode> marked = new ArrayList<>();
        collect(body.path("tools"), marked);
        collect(body.path("system"), marked);
        for (JsonNode message : body.path("messages")) {
            collect(message.path("content"), marked);
        }
        boolean automatic = body.hasNonNull(FIELD);
        dropSurplus(marked, automatic ? Api.MAX_CACHE_MARKS - 1 : Api.MAX_CACHE_MARKS);
        boolean shortSeen = false;
        for (ObjectNode block : marked) {
            boolean isLong = block.path(FIELD).path("ttl").asText().equals("1h");
            if (isLong && shortSeen) {
                put(block, CacheMark.FIVE_MINUTES);
            }
            shortSeen |= !isLong;
        }
        return automatic || !marked.isEmpty();
    }

    private static void collect(JsonNode blocks, List<ObjectNode> marked) {
        for (JsonNode block : blocks) {
            if (block instanceof ObjectNode object) {
                if (object.path("type").asText().equals("tool_result")) {
                    collect(object.path("content"), marked);
                }
                if (object.hasNonNull(FIELD)) {
                    marked.add(object);
                }
            }
        }
    }

    /** Keeps the first, which is the longest-lived prefix, and the newest of the others. */
    private static void dropSurplus(List<ObjectNode> marked, int most) {
        while (marked.size() > most) {
            marked.remove(1).remove(FIELD);
        }
    }
}
