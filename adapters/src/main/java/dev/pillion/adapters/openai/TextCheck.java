package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.SchemaCheck;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Holds an answer's text to a schema that the vendor only tried to follow. Never quotes it. */
public final class TextCheck {
    private final ObjectNode schema;
    private final StringBuilder text = new StringBuilder();

    public TextCheck(ObjectNode schema) {
        this.schema = schema;
    }

    /** The same events; their text is kept. */
    public Consumer<ChatEvent> watching(Consumer<ChatEvent> out) {
        return event -> {
            if (event instanceof ChatEvent.TextDelta delta) {
                text.append(delta.delta());
            }
            out.accept(event);
        };
    }

    /** What is wrong with the whole text; null: nothing. */
    public @Nullable Fault broken() {
        try {
            String found = SchemaCheck.firstBreak(Json.read(text.toString()), schema);
            return found == null
                    ? null
                    : Fault.protocol("the answer does not follow the schema: " + found);
        } catch (MalformedJson e) {
            return Fault.protocol("the answer should be JSON and is not: " + e.getMessage());
        }
    }
}
