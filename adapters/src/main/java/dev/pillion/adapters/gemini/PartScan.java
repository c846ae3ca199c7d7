package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.core.JsonToken;
import dev.pillion.protocol.chat.Need;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One part of a content: what it is, and what it needs of a model, whoever said it. */
final class PartScan implements GeminiFields.Field {
    private static final int MAX_SENTINEL_CHARS = 64;

    private final GeminiFields fields;
    boolean calls;
    boolean responds;
    boolean signed;
    private boolean sealed;
    private boolean thought;
    private boolean item;
    private boolean inline;
    private boolean file;
    private @Nullable Need media;
    private final Set<Need> ofResult = EnumSet.noneOf(Need.class);

    PartScan(GeminiFields fields) {
        this.fields = fields;
    }

    @Override
    public void take(String name, JsonToken value) throws IOException {
        switch (name) {
            case "text" -> fields.oddIf(value != JsonToken.VALUE_STRING);
            case "thought" -> thought = fields.flag(value);
            case "thoughtSignature" -> signature(value);
            case "functionCall" -> calls = fields.isObject(value);
            case "functionResponse" -> {
                responds = true;
                fields.object(value, this::response);
            }
            case "inlineData" -> {
                inline = true;
                medium(value);
            }
            case "fileData" -> {
                file = true;
                medium(value);
            }
            default -> item |= GeminiPartDecoder.ITEMS.contains(name);
        }
    }

    /** Whether anything stands there, and whether it is the vendor's own. */
    private void signature(JsonToken value) throws IOException {
        signed = fields.hasText(value);
        boolean couldBeSentinel = signed && fields.json().getTextLength() <= MAX_SENTINEL_CHARS;
        sealed = signed && !(couldBeSentinel && GeminiSeals.isSentinel(fields.json().getText()));
    }

    private void response(String name, JsonToken value) throws IOException {
        if (name.equals("parts")) {
            fields.list(
                    value,
                    each -> {
                        var part = new PartScan(fields);
                        fields.object(each, part);
                        fields.oddIf(part.calls);
                        part.addPlain(ofResult);
                    });
        }
    }

    private void medium(JsonToken value) throws IOException {
        var medium = new Medium();
        fields.object(value, medium);
        media = medium.need();
    }

    /** Names of media types and addresses are short; the data itself is not looked at. */
    private final class Medium implements GeminiFields.Field {
        private @Nullable String type;
        private String address = "";

        @Override
        public void take(String name, JsonToken value) throws IOException {
            switch (name) {
                case "mimeType" -> type = fields.text(value);
                case "fileUri" -> address = fields.text(value);
                default -> {}
            }
        }

        Need need() {
            String kind =
                    type == null ? GeminiMedia.kindOfAddress(address) : GeminiMedia.kind(type);
            return switch (kind) {
                case "image" -> Need.VISION;
                case "audio" -> Need.AUDIO;
                case "video" -> Need.VIDEO;
                default -> Need.DOCUMENTS;
            };
        }
    }

    /** What the part alone says, but for results. */
    private void addPlain(Set<Need> needs) {
        fields.oddIf(inline && file && !item);
        if (media != null && !item) {
            needs.add(media);
        }
    }

    /** Adds what the part needs if a user says it. */
    void addOfUser(Set<Need> needs) {
        if (responds) {
            needs.addAll(ofResult);
        } else {
            addPlain(needs);
        }
    }

    /** Adds what it needs if a model says it, whose thoughts and signed documents are items. */
    void addOfModel(Set<Need> needs) {
        boolean own = item || calls || thought || (sealed && media == Need.DOCUMENTS);
        if (!own) {
            addPlain(needs);
        }
    }
}
