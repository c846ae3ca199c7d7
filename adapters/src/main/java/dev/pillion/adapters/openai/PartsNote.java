package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Extras;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How an answer's parts lay, where a message of this format can't show it: text in several parts of
 * which some are sealed, and what a vendor's own tools did between them. One entry of {@code
 * reasoning_details}, {@code {"type":"pillion.parts","index","parts"}}, whose parts are {@code
 * {"text":LENGTH}}, {@code {"thinking":LENGTH}}, {@code {"call":ORDINAL}} and {@code
 * {"provider","item"}}, each with its {@code seal}; lengths count code points. It holds for a
 * message that came back as it was, and is left aside for one that was changed.
 */
final class PartsNote {
    static final String TYPE = "pillion.parts";

    /**
     * One part.
     *
     * @param name {@code text}, {@code thinking}, {@code call} or {@code item}
     * @param count code points of a text or thinking, ordinal of a call
     * @param item what an {@code item} holds
     */
    record Piece(String name, int count, Part.@Nullable VendorItem item, @Nullable Seal seal) {}

    private final List<Piece> pieces;

    PartsNote(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /** Whether the plain notes would lose something of these parts. */
    boolean isNeeded() {
        int texts = 0;
        boolean sealedText = false;
        boolean emptyText = false;
        boolean items = false;
        for (Piece piece : pieces) {
            boolean text = piece.name().equals("text");
            texts += text ? 1 : 0;
            sealedText |= text && piece.seal() != null;
            emptyText |= text && piece.seal() != null && piece.count() == 0;
            items |= piece.name().equals("item");
        }
        return items || emptyText || (texts > 1 && sealedText);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", TYPE);
        json.writeNumberField("index", 0);
        json.writeArrayFieldStart("parts");
        for (Piece piece : pieces) {
            json.writeStartObject();
            Part.VendorItem item = piece.item();
            if (item == null) {
                json.writeNumberField(piece.name(), piece.count());
            } else {
                json.writeStringField("provider", item.provider());
                json.writeFieldName("item");
                json.writeTree(item.item());
            }
            if (piece.seal() != null) {
                json.writeFieldName("seal");
                SealNotes.writeSeal(json, piece.seal());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static PartsNote read(JsonNode entry) {
        List<Piece> pieces = new ArrayList<>();
        for (JsonNode part : entry.path("parts")) {
            Seal seal = SealNotes.seal(part.path("seal"));
            String provider = Citations.text(part, "provider");
            if (provider != null) {
                var item = new Part.VendorItem(provider, part.path("item"), seal, null);
                pieces.add(new Piece("item", 0, item, seal));
                continue;
            }
            for (String name : List.of("text", "thinking", "call")) {
                if (part.path(name).canConvertToInt() && part.path(name).asInt() >= 0) {
                    pieces.add(new Piece(name, part.path(name).asInt(), null, seal));
                }
            }
        }
        return new PartsNote(pieces);
    }

    /** The parts as they lay; null where the message is not the one that was given out. */
    @Nullable List<Part> apply(List<Part> before, List<Part> calls) {
        var texts = new Cut();
        var thinking = new Cut();
        List<Part> others = new ArrayList<>();
        for (Part part : before) {
            switch (part) {
                case Part.Text text when text.seal() == null -> texts.add(text.text(), text);
                case Part.Thinking one when one.seal() == null -> thinking.add(one.text(), one);
                default -> others.add(part);
            }
        }
        if (texts.length() != sum("text")
                || calls.size() != named("call").count()
                || (thinking.length() > 0 && thinking.length() != sum("thinking"))) {
            return null;
        }
        List<Part> parts = new ArrayList<>();
        int call = 0;
        for (Piece piece : pieces) {
            switch (piece.name()) {
                case "text" -> parts.add(texts.text(piece));
                case "thinking" -> {
                    if (thinking.length() > 0) {
                        parts.add(thinking.thinking(piece));
                    }
                }
                case "call" -> parts.add(sealed(calls.get(call++), piece.seal()));
                default -> {
                    if (piece.item() != null) {
                        parts.add(piece.item());
                    }
                }
            }
        }
        parts.addAll(others);
        return List.copyOf(parts);
    }

    private long sum(String name) {
        return named(name).mapToLong(Piece::count).sum();
    }

    private Stream<Piece> named(String name) {
        return pieces.stream().filter(piece -> piece.name().equals(name));
    }

    private static Part sealed(Part part, @Nullable Seal seal) {
        return seal != null && part instanceof Part.ToolCall call
                ? new Part.ToolCall(
                        call.id(), call.name(), call.arguments(), seal, call.cache(), call.extras())
                : part;
    }

    /** A text that is cut into pieces again, with the citations of each. */
    private static final class Cut {
        private final StringBuilder text = new StringBuilder();
        private final List<Citation> citations = new ArrayList<>();
        private Extras extras = Extras.NONE;
        private int at;
        private int codePoint;

        void add(String piece, Part from) {
            text.append(piece);
            if (from instanceof Part.Text one) {
                citations.addAll(one.citations());
            }
            extras = from.extras();
        }

        int length() {
            return text.codePointCount(0, text.length());
        }

        private String next(int codePoints) {
            int end = text.offsetByCodePoints(at, codePoints);
            String piece = text.substring(at, end);
            at = end;
            codePoint += codePoints;
            return piece;
        }

        Part text(Piece piece) {
            int start = codePoint;
            String words = next(piece.count());
            List<Citation> own = new ArrayList<>();
            for (Citation it : citations) {
                if (it.start() >= start && it.end() <= codePoint && piece.count() > 0) {
                    own.add(
                            new Citation(
                                    it.start() - start,
                                    it.end() - start,
                                    it.url(),
                                    it.title(),
                                    it.quote(),
                                    it.source()));
                }
            }
            return new Part.Text(words, List.copyOf(own), piece.seal(), null, extras);
        }

        Part thinking(Piece piece) {
            return new Part.Thinking(next(piece.count()), piece.seal(), extras);
        }
    }
}
