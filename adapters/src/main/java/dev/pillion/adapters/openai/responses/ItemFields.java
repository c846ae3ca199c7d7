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
     * @param led the state of the reasoning that led to it: that has to be followed by the item of
     *     this very id, at the same account; null without any
     */
    static @Nullable Seal ofMessage(ObjectNode item, boolean after, @Nullable Seal led) {
        ObjectNode fields = Fields.unknown(item, MESSAGE);
        Seal paired = paired(item, led, fields);
        if (paired != null) {
            return paired;
        }
        return fields.isEmpty() && !after ? null : seal(fields, null);
    }

    /**
     * The seal for the call; null when it says nothing more.
     *
     * @param led as for a message
     */
    static @Nullable Seal ofCall(ObjectNode item, @Nullable Seal led) {
        ObjectNode fields = Fields.unknown(item, CALL);
        Seal paired = paired(item, led, fields);
        if (paired != null) {
            return paired;
        }
        return fields.isEmpty() ? null : seal(fields, null);
    }

    private static @Nullable Seal paired(ObjectNode item, @Nullable Seal led, ObjectNode fields) {
        boolean vendors = item.hasNonNull("id") && !ItemIds.isOurs(item.path("id"));
        if (led == null || !led.provider().equals(Marks.SPEAKS) || !vendors) {
            return null;
        }
        fields.set("id", item.get("id"));
        return seal(fields, led);
    }

    /** {@code boundAs} is state that is bound to the same account; null: this is bound to none. */
    private static Seal seal(ObjectNode fields, @Nullable Seal boundAs) {
        return boundAs == null
                ? new Seal(Marks.SPEAKS, null, null, Json.text(fields))
                : new Seal(Marks.SPEAKS, boundAs.account(), boundAs.model(), Json.text(fields));
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
