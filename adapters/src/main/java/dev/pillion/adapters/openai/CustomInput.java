package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;

/** The free text of a custom tool's call, which travels as {@code {"input":"…"}}. */
public final class CustomInput {
    private CustomInput() {}

    public static String of(String arguments) {
        try {
            JsonNode input = Json.read(arguments).path("input");
            return input.isTextual() ? input.textValue() : arguments;
        } catch (MalformedJson e) {
            return arguments; // Cut in the middle, or another's: as far as it came.
        }
    }
}
