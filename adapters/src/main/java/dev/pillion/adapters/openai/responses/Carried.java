package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.openai.Fields;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What has no item of its own on this surface, on its way through a client: the encrypted content
 * of reasoning items, which clients send back unread.
 */
final class Carried {
    /** The provider's name in a seal that holds another vendor's item. */
    static final String ITEM = "pillion.vendor_item";

    /** The provider's name in a seal that holds the seal of an empty text. */
    static final String EMPTY = "pillion.empty";

    /** The provider's name in a seal that holds the seals of texts and calls. */
    static final String SEALS = "pillion.seals";

    private Carried() {}

    /** What carries another vendor's item, in its place. */
    static String item(Part.VendorItem item, @Nullable Seal seal) {
        ObjectNode node = Json.object().put("provider", item.provider());
        node.set("item", item.item());
        if (seal != null) {
            node.put("seal", Seals.write(seal));
        }
        return write(ITEM, Json.text(node));
    }

    /** What carries an empty text with its seal, in its place. */
    static String empty(Seal seal) {
        return write(EMPTY, Seals.write(seal));
    }

    private static String write(String kind, String data) {
        return Seals.write(new Seal(kind, null, null, data));
    }

    /** The part that was carried in its place; null when the seal is none of these. */
    static @Nullable Part part(Seal carrier, String pointer) {
        return switch (carrier.provider()) {
            case EMPTY ->
                    new Part.Text(
                            "", List.of(), Seals.read(carrier.data(), pointer), null, Extras.NONE);
            case ITEM -> {
                JsonNode node = json(carrier, pointer);
                String seal = node.path("seal").textValue();
                yield new Part.VendorItem(
                        node.path("provider").asText(),
                        node.path("item"),
                        seal == null ? null : Seals.read(seal, pointer),
                        null);
            }
            default -> null;
        };
    }

    private static JsonNode json(Seal carrier, String pointer) {
        try {
            return Json.read(carrier.data());
        } catch (MalformedJson e) {
            throw Fields.wrong(null, pointer, "what was given out, unchanged");
        }
    }

    /** Seals of texts and calls, told by what they belong to. */
    static final class Notes {
        private final ArrayNode entries = Json.nodes().arrayNode();

        void call(String id, Seal seal) {
            entries.addObject().put("call", id).put("seal", Seals.write(seal));
        }

        void text(String text, Seal seal) {
            entries.addObject().put("text", key(text)).put("seal", Seals.write(seal));
        }

        /** What carries all of them; null when there are none. */
        @Nullable String carrier() {
            return entries.isEmpty() ? null : write(SEALS, Json.text(entries));
        }
    }

    /** Gives the parts back their seals; what a client has changed gets none. */
    static void unpack(Seal carrier, List<Part> parts, String pointer) {
        for (JsonNode entry : json(carrier, pointer)) {
            Seal seal = Seals.read(entry.path("seal").asText(), pointer);
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).seal() == null && belongs(entry, parts.get(i))) {
                    parts.set(i, sealed(parts.get(i), seal));
                    break;
                }
            }
        }
    }

    private static boolean belongs(JsonNode entry, Part part) {
        return switch (part) {
            case Part.Text text -> key(text.text()).equals(entry.path("text").asText());
            case Part.ToolCall call -> call.id().equals(entry.path("call").asText());
            case Part.Thinking _,
                    Part.VendorItem _,
                    Part.Image _,
                    Part.Document _,
                    Part.Audio _,
                    Part.Video _,
                    Part.ToolResult _ ->
                    false;
        };
    }

    private static Part sealed(Part part, Seal seal) {
        if (part instanceof Part.Text text) {
            return new Part.Text(text.text(), text.citations(), seal, text.cache(), text.extras());
        }
        if (part instanceof Part.ToolCall call) {
            return new Part.ToolCall(
                    call.id(), call.name(), call.arguments(), seal, call.cache(), call.extras());
        }
        return part;
    }

    /** Tells one text of an answer from the others. */
    private static String key(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        var crc = new CRC32();
        crc.update(utf8);
        return utf8.length + "-" + Long.toHexString(crc.getValue());
    }
}
