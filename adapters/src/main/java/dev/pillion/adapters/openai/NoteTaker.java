package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the seals of an answer, to be noted in {@code reasoning_details}. */
final class NoteTaker {
    private static final String TEXT = "text";
    private static final String THINKING = "thinking";
    private static final String CALL = "call";

    /** One part that may be sealed. */
    private static final class Open {
        final String name;
        final StringBuilder key = new StringBuilder();
        final int calls;
        Part.@Nullable VendorItem item;
        @Nullable Seal seal;

        Open(String name, int calls) {
            this.name = name;
            this.calls = calls;
        }
    }

    private final Map<Integer, Open> parts = new LinkedHashMap<>();

    void text(int index, String delta) {
        parts.computeIfAbsent(index, _ -> new Open(TEXT, 0)).key.append(delta);
    }

    void thinking(int index, String delta, int calls) {
        parts.computeIfAbsent(index, _ -> new Open(THINKING, calls)).key.append(delta);
    }

    void call(int index, String id) {
        parts.computeIfAbsent(index, _ -> new Open(CALL, 0)).key.append(id);
    }

    /** What a vendor's own tool did; noted when it is sealed, and so is to go back. */
    void item(int index, Part.VendorItem item) {
        parts.computeIfAbsent(index, _ -> new Open("item", 0)).item = item;
    }

    /** The seal of a part; one that was not opened has no place on this surface. */
    void seal(int index, Seal seal) {
        Open part = parts.get(index);
        if (part != null) {
            part.seal = seal;
        }
    }

    /** Whether nothing need be noted. */
    boolean isEmpty() {
        return parts.values().stream().allMatch(part -> part.seal == null);
    }

    private PartsNote lay() {
        List<PartsNote.Piece> pieces = new ArrayList<>();
        int calls = 0;
        for (Open part : parts.values()) {
            boolean call = part.name.equals(CALL);
            if (part.item == null || part.seal != null) {
                int length = part.key.codePointCount(0, part.key.length());
                pieces.add(
                        new PartsNote.Piece(
                                part.name, call ? calls++ : length, part.item, part.seal));
            }
        }
        return new PartsNote(pieces);
    }

    private List<SealNotes.Note> notes() {
        List<SealNotes.Note> notes = new ArrayList<>();
        for (Open part : parts.values()) {
            SealNotes.Note.Kind kind =
                    switch (part.name) {
                        case THINKING -> SealNotes.Note.Kind.THINKING;
                        case CALL -> SealNotes.Note.Kind.CALL;
                        default -> SealNotes.Note.Kind.TEXT;
                    };
            if (part.seal != null) {
                String key = kind == SealNotes.Note.Kind.TEXT ? "" : part.key.toString();
                notes.add(new SealNotes.Note(notes.size(), kind, key, part.calls, part.seal));
            }
        }
        return notes;
    }

    /** Writes the notes of what is sealed, numbered from 0. */
    void write(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("reasoning_details");
        PartsNote lay = lay();
        if (lay.isNeeded()) {
            lay.write(json);
        } else {
            for (SealNotes.Note note : notes()) {
                note.write(json);
            }
        }
        json.writeEndArray();
    }
}
