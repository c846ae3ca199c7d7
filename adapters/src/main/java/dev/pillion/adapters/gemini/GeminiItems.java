package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * Parts in which Gemini's own tools tell what they did, as this surface's clients see them: as the
 * vendor sent them, but for the signature, which then also says whose account they are bound to.
 */
final class GeminiItems {
    private static final String SIGNATURE = "thoughtSignature";

    /** The provider's name in a seal that holds an item's signature and its seal. */
    private static final String NAME = "pillion.item";

    private GeminiItems() {}

    static ObjectNode write(Part.VendorItem item) {
        ObjectNode part = item.item().deepCopy();
        Seal seal = item.seal();
        if (seal != null) {
            ObjectNode data = Json.object().put("s", Seals.write(seal));
            if (part.has(SIGNATURE)) {
                data.set("g", part.get(SIGNATURE));
            }
            Seal carrier = new Seal(NAME, null, null, Json.text(data));
            part.put(SIGNATURE, GeminiSeals.write(carrier));
        }
        return part;
    }

    static Part read(JsonNode part, @Nullable String signature, String pointer) {
        Seal carrier = signature == null ? null : GeminiSeals.read(signature, pointer);
        if (carrier == null || !carrier.provider().equals(NAME) || !part.isObject()) {
            return new Part.VendorItem(GeminiApi.NAME, part, null, null);
        }
        ObjectNode item = part.deepCopy();
        item.remove(SIGNATURE);
        item.remove("thought_signature");
        try {
            JsonNode data = Json.read(carrier.data());
            if (data.has("g")) {
                item.set(SIGNATURE, data.get("g"));
            }
            Seal seal = Seals.read(data.path("s").asText(), pointer);
            return new Part.VendorItem(GeminiApi.NAME, item, seal, null);
        } catch (MalformedJson e) {
            throw GeminiObject.wrong(null, pointer, "a signature of an earlier answer, unchanged");
        }
    }
}
