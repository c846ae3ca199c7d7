package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a function's response: {@code output} alone is what it gave back, {@code error} alone is
 * that it failed, and any other object is itself what it gave back.
 */
final class GeminiResultDecoder {
    private GeminiResultDecoder() {}

    /**
     * @param callName the name in the call that is answered; null when there is no such call
     */
    static Part.ToolResult result(
            String id, GeminiObject response, GeminiObject part, @Nullable String callName) {
        String name = response.textOf("name");
        ObjectNode value = response.raw("response");
        List<Part> content = new ArrayList<>();
        boolean error = false;
        ObjectNode hints = Json.object();
        if (value == null || value.isEmpty()) {
            hints.set("response", Json.object());
        } else {
            error = value.size() == 1 && value.has("error");
            content.add(new Part.Text(text(value)));
            if (!isPlain(value)) {
                hints.set("response", value);
            }
        }
        media(response, content);
        if (!name.equals(callName)) {
            hints.put("name", name);
        }
        response.get("id");
        return new Part.ToolResult(id, content, error, null, extras(hints, response, part));
    }

    private static boolean isPlain(ObjectNode value) {
        return value.size() == 1
                && (value.path("output").isTextual() || value.path("error").isTextual());
    }

    private static String text(ObjectNode value) {
        if (value.size() == 1) {
            JsonNode only = value.has("error") ? value.get("error") : value.get("output");
            if (only != null) {
                return only.isTextual() ? only.textValue() : Json.text(only);
            }
        }
        return Json.text(value);
    }

    private static void media(GeminiObject response, List<Part> content) {
        for (GeminiObject.Item item : response.list("parts")) {
            content.add(GeminiPartDecoder.ofUser(item.object(), item.node()));
        }
    }

    /** The vendor's own form, where ours says it in another way; unknown fields bind. */
    private static Extras extras(ObjectNode hints, GeminiObject response, GeminiObject part) {
        ObjectNode unread = response.rest();
        ObjectNode rest = part.rest();
        rest.remove("thoughtSignature");
        boolean optional = unread.isEmpty() && rest.isEmpty();
        hints.setAll(unread);
        hints.setAll(rest);
        return hints.isEmpty() ? Extras.NONE : new Extras(Map.of(GeminiApi.NAME, hints), optional);
    }
}
