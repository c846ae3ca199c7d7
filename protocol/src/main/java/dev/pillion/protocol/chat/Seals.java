package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Seals as callers see them: one opaque string, which goes back unchanged. Also for surfaces of
 * vendors, where it stands in the field that holds their own state.
 */
public final class Seals {
    private static final String PREFIX = "pillion:";

    private Seals() {}

    /** The string for the seal. */
    public static String write(Seal seal) {
        ObjectNode node = Json.object();
        node.put("p", seal.provider());
        if (seal.account() != null) {
            node.put("a", seal.account());
        }
        if (seal.model() != null) {
            node.put("m", seal.model());
        }
        node.put("d", seal.data());
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(node));
    }

    /** Whether the string is one of ours; a vendor's own state is not. */
    public static boolean isOurs(String text) {
        return text.startsWith(PREFIX);
    }

    /**
     * The seal of the string.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code invalid_request} at the pointer
     */
    public static Seal read(String text, String pointer) {
        if (isOurs(text)) {
            try {
                String encoded = text.substring(PREFIX.length());
                byte[] json =
                        Base64.getUrlDecoder().decode(encoded.getBytes(StandardCharsets.US_ASCII));
                JsonNode node = Json.read(json);
                String provider = field(node, "p");
                String data = field(node, "d");
                if (provider != null && data != null) {
                    return new Seal(provider, field(node, "a"), field(node, "m"), data);
                }
            } catch (IllegalArgumentException | MalformedJson e) {
                throw broken(pointer);
            }
        }
        throw broken(pointer);
    }

    private static @Nullable String field(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null ? null : value.textValue();
    }

    private static RuntimeException broken(String pointer) {
        return JsonFields.bad(pointer, "not a seal", "one from an earlier answer, unchanged");
    }
}
