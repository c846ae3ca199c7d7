package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.protocol.chat.Seal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the seals of an answer, to be noted in {@code reasoning_details}. */
final class NoteTaker {
    /** One part that may be sealed. */
    private static final class Open {
        final SealNotes.Note.Kind kind;
        final StringBuilder key = new StringBuilder();
        final int calls;
        @Nullable Seal seal;

        Open(SealNotes.Note.Kind kind, int calls) {
            this.kind = kind;
            this.calls = calls;
        }
    }

    private final Map<Integer, Open> parts = new LinkedHashMap<>();

    void thinking(int index, String delta, int calls) {
        parts.computeIfAbsent(index, _ -> new Open(SealNotes.Note.Kind.THINKING, calls))
                .key
                .append(delta);
    }

    void call(int index, String id) {
        parts.computeIfAbsent(index, _ -> new Open(SealNotes.Note.Kind.CALL, 0)).key.append(id);
    }

    /** The seal of a part; one that was not opened as another is text. */
    void seal(int index, Seal seal, int calls) {
        parts.computeIfAbsent(index, _ -> new Open(SealNotes.Note.Kind.TEXT, calls)).seal = seal;
    }

    /** The notes of what is sealed, numbered from 0. */
    List<SealNotes.Note> notes() {
        List<SealNotes.Note> notes = new ArrayList<>();
        for (Open part : parts.values()) {
            if (part.seal != null) {
                notes.add(
                        new SealNotes.Note(
                                notes.size(),
                                part.kind,
                                part.key.toString(),
                                part.calls,
                                part.seal));
            }
        }
        return notes;
    }

    static void write(List<SealNotes.Note> notes, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("reasoning_details");
        for (SealNotes.Note note : notes) {
            note.write(json);
        }
        json.writeEndArray();
    }
}
