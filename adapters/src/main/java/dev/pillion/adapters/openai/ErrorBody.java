package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an error answer says, in any of the shapes seen: {@code {"error":{…}}}, {@code
 * {"code","error":"text"}}, {@code {"error":"text"}}, {@code {"object":"error","message"}}, an
 * array of one of them, or no JSON at all. Words that were not said are empty.
 */
record ErrorBody(String message, String type, String code, @Nullable String param) {
    private static final ErrorBody NONE = new ErrorBody("", "", "", null);

    static ErrorBody of(byte[] body) {
        try {
            return of(Json.read(body));
        } catch (MalformedJson e) {
            return NONE; // HTML of some proxy, or nothing: the status must do.
        }
    }

    static ErrorBody of(JsonNode body) {
        JsonNode root = body.isArray() ? body.path(0) : body;
        JsonNode error = root.path("error");
        if (error.isObject()) {
            return fields(error);
        }
        if (error.isTextual()) {
            return new ErrorBody(error.textValue(), word(root, "type"), word(root, "code"), null);
        }
        return root.isObject() ? fields(root) : NONE;
    }

    private static ErrorBody fields(JsonNode error) {
        String message = word(error, "message");
        if (message.isEmpty()) {
            JsonNode detail = error.path("detail");
            message = detail.isArray() ? word(detail.path(0), "msg") : word(error, "detail");
        }
        String type = word(error, "type");
        String code = word(error, "code");
        return new ErrorBody(
                message,
                type,
                code.isEmpty() ? word(error, "status") : code,
                Citations.text(error, "param"));
    }

    private static String word(JsonNode from, String name) {
        JsonNode node = from.path(name);
        return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }

    /** The code where it is an HTTP status; 0 when it is not. */
    int statusInCode() {
        boolean three = code.length() == 3 && code.chars().allMatch(Character::isDigit);
        return three ? Integer.parseInt(code) : 0;
    }

    /** Whether the message has these words, given in lower case. */
    boolean says(String part) {
        return message.toLowerCase(Locale.ROOT).contains(part);
    }
}
