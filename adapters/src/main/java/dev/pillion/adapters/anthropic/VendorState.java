package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's own state as seals. On thinking the data is the signature, or what was redacted
 * behind {@link #REDACTED}; on text the citations, on a tool call its caller, as JSON text; on a
 * vendor item it only says whose it is.
 */
final class VendorState {
    static final String REDACTED = "redacted_thinking:";
    private static final String ITEM = "item";

    private VendorState() {}

    static boolean fit(@Nullable Seal seal, EncodeContext context) {
        return seal != null && seal.fits(Api.NAME, context.account(), context.model().id());
    }

    static Seal signature(String signature, @Nullable String account, @Nullable String model) {
        return new Seal(Api.NAME, account, model, signature);
    }

    static Seal redacted(String data, @Nullable String account, @Nullable String model) {
        return new Seal(Api.NAME, account, model, REDACTED + data);
    }

    /** What a vendor's tool did can be shown to another model, but to no other account. */
    static Seal item(String account) {
        return new Seal(Api.NAME, account, null, ITEM);
    }

    /** Citations: those of a web search carry state of the account, the others do not. */
    static Seal citations(JsonNode citations, @Nullable String account) {
        boolean state = false;
        for (JsonNode citation : citations) {
            state |= citation.hasNonNull("encrypted_index");
        }
        return new Seal(Api.NAME, state ? account : null, null, Json.text(citations));
    }

    /** Fields of a tool call beyond id, name and input. */
    static Seal callFields(ObjectNode fields) {
        return new Seal(Api.NAME, null, null, Json.text(fields));
    }

    /** The JSON in a seal of ours; null when it is none. */
    static @Nullable JsonNode json(Seal seal) {
        try {
            return Json.read(seal.data());
        } catch (MalformedJson e) {
            return null; // A seal that a client has changed: it goes nowhere.
        }
    }

    static boolean isRedacted(Seal seal) {
        return seal.data().startsWith(REDACTED);
    }

    static String redactedData(Seal seal) {
        return seal.data().substring(REDACTED.length());
    }
}
