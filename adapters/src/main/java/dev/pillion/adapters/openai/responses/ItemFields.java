package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.Fields;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fields of an item that must go back with it though they are no content: the phase of a message,
 * the namespace of a call. They travel as the seal of the part.
 */
final class ItemFields {
    private static final Set<String> MESSAGE = Set.of("type", "role", "content", "id", "status");

    /** The last is what the SDKs' own helpers put there, and no vendor takes. */
    private static final Set<String> CALL =
            Set.of("type", "id", "call_id", "name", "arguments", "status", "parsed_arguments");

    private ItemFields() {}

    /**
     * The seal for the first text of the assistant message.
     *
     * @param after whether another message's text stands before it: then the seal, even one that
     *     says nothing, tells where this one begins
     */
    static @Nullable Seal ofMessage(ObjectNode item, boolean after) {
        ObjectNode fields = Fields.unknown(item, MESSAGE);
        return fields.isEmpty() && !after ? null : seal(fields);
    }

    /** The seal for the call; null when it says nothing more. */
    static @Nullable Seal ofCall(ObjectNode item) {
        ObjectNode fields = Fields.unknown(item, CALL);
        return fields.isEmpty() ? null : seal(fields);
    }

    private static Seal seal(ObjectNode fields) {
        return new Seal(Marks.SPEAKS, null, null, Json.text(fields));
    }

    /** The fields in a seal of this format; null when it is none. */
    static @Nullable ObjectNode of(@Nullable Seal seal) {
        if (seal == null || !seal.provider().equals(Marks.SPEAKS) || !seal.data().startsWith("{")) {
            return null;
        }
        try {
            return Json.read(seal.data()) instanceof ObjectNode fields ? fields : null;
        } catch (MalformedJson e) {
            return null; // Changed on its way: then it is nobody's.
        }
    }
}
