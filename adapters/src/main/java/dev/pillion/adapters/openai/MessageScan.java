package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.fault.Fault;
import java.io.IOException;
import java.util.Set;

/** The messages in a scan: who speaks, and what kinds of parts there are. */
final class MessageScan {
    private enum Speaker {
        NOBODY,
        INSTRUCTION,
        ASSISTANT,
        OTHER
    }

    private final JsonParser parser;
    private final Set<Need> needs;
    private final Set<Refusal> refusable;
    private int index;
    private Speaker last = Speaker.NOBODY;

    MessageScan(JsonParser parser, Set<Need> needs, Set<Refusal> refusable) {
        this.parser = parser;
        this.needs = needs;
        this.refusable = refusable;
    }

    void scan() throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw wrong("", "an object");
            }
            message();
            index++;
        }
        if (last == Speaker.ASSISTANT) {
            refusable.add(Refusal.PREFILL);
        }
    }

    private void message() throws IOException {
        last = Speaker.NOBODY;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("role") && value == JsonToken.VALUE_STRING) {
                last = speaker(parser.getText());
            } else if (name.equals("content") && value == JsonToken.START_ARRAY) {
                content();
            } else {
                parser.skipChildren();
            }
        }
        switch (last) {
            case NOBODY -> throw wrong("/role", "a string");
            case INSTRUCTION, ASSISTANT, OTHER -> {}
        }
    }

    private static Speaker speaker(String role) {
        return switch (role) {
            case "system", "developer" -> Speaker.INSTRUCTION;
            case "assistant" -> Speaker.ASSISTANT;
            default -> Speaker.OTHER;
        };
    }

    /** A part's payload has its own field name: the type itself need not be read. */
    private void content() throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw wrong("/content", "an array of objects");
            }
            for (String name = parser.nextFieldName();
                    name != null;
                    name = parser.nextFieldName()) {
                parser.nextToken();
                parser.skipChildren();
                switch (name) {
                    case "image_url" -> needs.add(Need.VISION);
                    case "input_audio" -> needs.add(Need.AUDIO);
                    case "file" -> needs.add(Need.DOCUMENTS);
                    default -> {}
                }
            }
        }
    }

    private RuntimeException wrong(String below, String expected) {
        String pointer = "/messages/" + index + below;
        return Fault.invalid(
                        pointer + " is of the wrong kind (expected: " + expected + ")", pointer)
                .asException();
    }
}
