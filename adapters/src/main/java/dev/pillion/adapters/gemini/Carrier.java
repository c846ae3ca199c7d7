package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of an answer's text and thinking was made of, for a conversation that goes on: where
 * one part ended and the next began, their seals, and what this surface can't show (sealed thinking
 * that was not asked for, what another vendor's own tool did). It travels as a seal in the
 * signature of the part that ends the run: the call that follows it, its last text, or an empty
 * text behind it. Data: {@code {"run":[{"t":codePoints}|{"k":thinking}|{"v":vendor,"i":item}, each
 * with a seal as "s"],"s":the seal of the ending part itself}}.
 */
final class Carrier {
    /** The provider's name in a seal that is a carrier. */
    static final String NAME = "pillion.run";

    private final ArrayNode run = Json.nodes().arrayNode();
    private int openCodePoints = -1;
    private boolean needed;

    /** More of the text part that is last, or of a new one. */
    void text(int codePoints, boolean opens) {
        if (opens || openCodePoints < 0) {
            closeText(null);
            openCodePoints = 0;
        }
        openCodePoints += codePoints;
    }

    /** The text part that is last ends, with its seal. */
    void closeText(@Nullable Seal seal) {
        if (openCodePoints > 0 || (openCodePoints == 0 && seal != null)) {
            sealed(run.addObject().put("t", openCodePoints), seal);
        }
        openCodePoints = -1;
    }

    /** Thinking, whole; {@code shown}: the client has its text as a part of its own. */
    void thinking(String text, @Nullable Seal seal, boolean shown) {
        closeText(null);
        if (seal != null || shown) {
            sealed(run.addObject().put("k", text), seal);
        }
    }

    void item(Part.VendorItem item) {
        closeText(null);
        needed = true;
        ObjectNode entry = run.addObject().put("v", item.provider());
        entry.set("i", item.item());
        sealed(entry, item.seal());
    }

    private void sealed(ObjectNode entry, @Nullable Seal seal) {
        if (seal != null) {
            needed = true;
            entry.put("s", Seals.write(seal));
        }
    }

    /** The signature of the part that ends the run; null when there is nothing to carry. */
    @Nullable String end(@Nullable Seal own) {
        closeText(null);
        String signature = own == null ? null : GeminiSeals.write(own);
        if (needed) {
            ObjectNode data = Json.object();
            data.set("run", run.deepCopy());
            if (own != null) {
                data.put("s", Seals.write(own));
            }
            signature = GeminiSeals.write(new Seal(NAME, null, null, Json.text(data)));
        }
        run.removeAll();
        needed = false;
        return signature;
    }

    static boolean is(@Nullable Seal seal) {
        return seal != null && seal.provider().equals(NAME);
    }

    /** The seal of the ending part itself. */
    static @Nullable Seal own(Seal carrier, String pointer) {
        return seal(data(carrier, pointer), pointer);
    }

    private static @Nullable Seal seal(JsonNode entry, String pointer) {
        JsonNode seal = entry.path("s");
        return seal.isTextual() ? Seals.read(seal.textValue(), pointer) : null;
    }

    private static JsonNode data(Seal carrier, String pointer) {
        try {
            return Json.read(carrier.data());
        } catch (MalformedJson e) {
            throw GeminiObject.wrong(null, pointer, "a signature of an earlier answer, unchanged");
        }
    }

    /**
     * Puts the run back as it was: the texts and shown thinking at the list's end give way to the
     * parts that they came from. A run whose text was changed keeps its text and nothing else.
     */
    static void restore(Seal carrier, List<Part> parts, String pointer) {
        int from = parts.size();
        while (from > 0 && isPlain(parts.get(from - 1))) {
            from--;
        }
        List<Part> shown = parts.subList(from, parts.size());
        List<Part> restored = restored(data(carrier, pointer).path("run"), text(shown), pointer);
        if (restored != null) {
            shown.clear();
            parts.addAll(restored);
        }
    }

    private static boolean isPlain(Part part) {
        boolean kind = part instanceof Part.Text || part instanceof Part.Thinking;
        return kind && part.seal() == null;
    }

    private static String text(List<Part> parts) {
        var text = new StringBuilder();
        for (Part part : parts) {
            text.append(part instanceof Part.Text one ? one.text() : "");
        }
        return text.toString();
    }

    /** The parts of the run with the text cut as it was; null when it is no longer that text. */
    private static @Nullable List<Part> restored(JsonNode run, String text, String pointer) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        for (JsonNode entry : run) {
            Seal seal = seal(entry, pointer);
            if (entry.has("t")) {
                int codePoints = entry.path("t").asInt();
                int left = text.codePointCount(at, text.length());
                if (codePoints < 0 || codePoints > left) {
                    return null;
                }
                int end = text.offsetByCodePoints(at, codePoints);
                parts.add(
                        new Part.Text(text.substring(at, end), List.of(), seal, null, Extras.NONE));
                at = end;
            } else if (entry.has("k")) {
                parts.add(new Part.Thinking(entry.path("k").asText(), seal, Extras.NONE));
            } else {
                String vendor = entry.path("v").asText();
                parts.add(new Part.VendorItem(vendor, entry.path("i"), seal, null));
            }
        }
        return at == text.length() ? parts : null;
    }
}
