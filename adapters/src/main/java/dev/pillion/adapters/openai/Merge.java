package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Extras;
import java.util.Map;

/** Puts raw fields back where they stood; objects are merged, not replaced. */
public final class Merge {
    private Merge() {}

    static void into(ObjectNode target, Extras extras) {
        ObjectNode raw = extras.forVendor(Marks.SPEAKS);
        if (raw != null) {
            into(target, raw);
        }
    }

    public static void into(ObjectNode target, ObjectNode raw) {
        for (Map.Entry<String, JsonNode> field : raw.properties()) {
            if (field.getValue() instanceof ObjectNode more
                    && target.get(field.getKey()) instanceof ObjectNode there) {
                into(there, more);
            } else {
                target.set(field.getKey(), field.getValue());
            }
        }
    }
}
