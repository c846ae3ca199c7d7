package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Seals in a message's extension field {@code reasoning_details}, which clients that send messages
 * back as they came keep. One entry each:
 *
 * <ul>
 *   <li>{@code {"type":"pillion.thinking","index","calls","text","seal"}}: sealed thinking, which
 *       stood before the tool call of that number, and before all text when that is 0;
 *   <li>{@code {"type":"pillion.call","index","id","seal"}}: the seal of a tool call;
 *   <li>{@code {"type":"pillion.text","index","seal"}}: the seal of the message's text;
 *   <li>instead of all these, where they would lose something, the one of {@link PartsNote}.
 * </ul>
 *
 * A seal is {@code {"provider","account","model","data"}}. Entries of other types are not ours and
 * are kept raw.
 */
final class SealNotes {
    /** One note; {@code index} is its place in the list, as stream accumulators want it. */
    record Note(int index, Kind kind, String key, int calls, @Nullable Seal seal) {
        /** What the seal belongs to. */
        enum Kind {
            THINKING,
            CALL,
            TEXT
        }

        void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            switch (kind) {
                case THINKING -> {
                    json.writeStringField("type", "pillion.thinking");
                    json.writeNumberField("index", index);
                    json.writeNumberField("calls", calls);
                    json.writeStringField("text", key);
                }
                case CALL -> {
                    json.writeStringField("type", "pillion.call");
                    json.writeNumberField("index", index);
                    json.writeStringField("id", key);
                }
                case TEXT -> {
                    json.writeStringField("type", "pillion.text");
                    json.writeNumberField("index", index);
                }
            }
            if (seal != null) {
                json.writeFieldName("seal");
                writeSeal(json, seal);
            }
            json.writeEndObject();
        }
    }

    static void writeSeal(JsonGenerator json, Seal seal) throws IOException {
        json.writeStartObject();
        json.writeStringField("provider", seal.provider());
        if (seal.account() != null) {
            json.writeStringField("account", seal.account());
        }
        if (seal.model() != null) {
            json.writeStringField("model", seal.model());
        }
        json.writeStringField("data", seal.data());
        json.writeEndObject();
    }

    private final ArrayNode foreign = Json.nodes().arrayNode();
    private final List<Note> notes = new ArrayList<>();
    private @Nullable PartsNote lay;

    private SealNotes() {}

    static SealNotes read(@Nullable JsonNode details) {
        var notes = new SealNotes();
        if (details != null && details.isArray()) {
            details.forEach(notes::add);
        }
        return notes;
    }

    private void add(JsonNode entry) {
        Seal seal = seal(entry.path("seal"));
        int index = entry.path("index").asInt();
        switch (entry.path("type").asText()) {
            case "pillion.thinking" ->
                    notes.add(
                            new Note(
                                    index,
                                    Note.Kind.THINKING,
                                    entry.path("text").asText(),
                                    entry.path("calls").asInt(),
                                    seal));
            case "pillion.call" ->
                    notes.add(new Note(index, Note.Kind.CALL, entry.path("id").asText(), 0, seal));
            case "pillion.text" -> notes.add(new Note(index, Note.Kind.TEXT, "", 0, seal));
            case PartsNote.TYPE -> lay = PartsNote.read(entry);
            default -> foreign.add(entry);
        }
    }

    static @Nullable Seal seal(JsonNode node) {
        String provider = Citations.text(node, "provider");
        String data = Citations.text(node, "data");
        return provider == null || data == null
                ? null
                : new Seal(
                        provider,
                        Citations.text(node, "account"),
                        Citations.text(node, "model"),
                        data);
    }

    ArrayNode foreign() {
        return foreign;
    }

    boolean hasThinking() {
        return notes.stream().anyMatch(note -> note.kind == Note.Kind.THINKING);
    }

    /** The parts with their seals, thinking back in its place. */
    List<Part> apply(List<Part> before, List<Part> calls) {
        List<Part> laid = lay == null ? null : lay.apply(before, calls);
        if (laid != null) {
            return laid;
        }
        List<Part> parts = new ArrayList<>();
        thinkingBefore(0, parts);
        for (Part part : before) {
            parts.add(part instanceof Part.Text text ? sealed(text) : part);
        }
        for (int i = 0; i < calls.size(); i++) {
            if (i > 0) {
                thinkingBefore(i, parts);
            }
            parts.add(calls.get(i) instanceof Part.ToolCall call ? sealed(call) : calls.get(i));
        }
        return List.copyOf(parts);
    }

    private void thinkingBefore(int call, List<Part> parts) {
        for (Note note : notes) {
            if (note.kind == Note.Kind.THINKING && note.calls == call) {
                parts.add(new Part.Thinking(note.key, note.seal, Extras.NONE));
            }
        }
    }

    private Part sealed(Part.Text text) {
        for (Note note : notes) {
            if (note.kind == Note.Kind.TEXT && text.seal() == null) {
                return new Part.Text(
                        text.text(), text.citations(), note.seal, text.cache(), text.extras());
            }
        }
        return text;
    }

    private Part sealed(Part.ToolCall call) {
        for (Note note : notes) {
            if (note.kind == Note.Kind.CALL && note.key.equals(call.id())) {
                return new Part.ToolCall(
                        call.id(),
                        call.name(),
                        call.arguments(),
                        note.seal,
                        call.cache(),
                        call.extras());
            }
        }
        return call;
    }
}
