package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.ReplyContext;
import java.util.regex.Pattern;

/** Ids of an answer and its items on this surface; those that were made here are recognisable. */
final class ItemIds {
    private static final String OURS = "_pln_";
    private static final String RESPONSE = "resp_";

    /** xAI's responses have no other name. */
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final String requestId;

    ItemIds(ReplyContext context) {
        requestId = context.requestId();
    }

    /**
     * The answer's id: the vendor's own where it is one of this format, so that it can be named.
     */
    String response(String vendorId) {
        boolean own = vendorId.startsWith(RESPONSE) || UUID.matcher(vendorId).matches();
        return own ? vendorId : RESPONSE + requestId;
    }

    /** The id of the item at that place, e.g. {@code msg_pln_REQUEST_0}. */
    String item(String prefix, int outputIndex) {
        return prefix + OURS + requestId + "_" + outputIndex;
    }

    /** Whether the item has an id that was made here, which no vendor knows. */
    static boolean isOurs(JsonNode id) {
        return id.isTextual() && id.textValue().contains(OURS);
    }
}
