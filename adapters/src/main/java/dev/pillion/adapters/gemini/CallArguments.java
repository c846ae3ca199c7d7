package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;

/** The arguments of a call as the object that this format wants. */
final class CallArguments {
    /** Holds what is no JSON object: a call that was cut, or another kind of value. */
    static final String RAW = "_raw";

    private CallArguments() {}

    static ObjectNode object(String arguments) {
        if (arguments.isBlank()) {
            return Json.object();
        }
        try {
            if (Json.read(arguments) instanceof ObjectNode object) {
                return object;
            }
        } catch (MalformedJson e) {
            return Json.object().put(RAW, arguments); // Cut in mid call; kept as it was.
        }
        return Json.object().put(RAW, arguments);
    }
}
