package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * One recorded exchange with a vendor.
 *
 * @param requestBody null where it was no JSON
 * @param body the answer as JSON; null where it is an event stream or no JSON
 * @param text the answer as text; null where it is JSON
 */
public record Recording(
        String id,
        String provider,
        String endpoint,
        String path,
        Map<String, String> requestHeaders,
        JsonNode requestBody,
        int status,
        Map<String, String> replyHeaders,
        JsonNode body,
        String text,
        List<String> tags) {

    public boolean isOk() {
        return status >= 200 && status < 300;
    }

    public boolean isStream() {
        return text != null;
    }

    @Override
    public String toString() {
        return id;
    }
}
