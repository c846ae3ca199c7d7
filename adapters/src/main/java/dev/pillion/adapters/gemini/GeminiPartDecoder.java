package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decodes one part of a content. */
final class GeminiPartDecoder {
    /** What the vendor's own tools did; kept whole, for that vendor. */
    static final List<String> ITEMS =
            List.of("executableCode", "codeExecutionResult", "toolCall", "toolResponse");

    private GeminiPartDecoder() {}

    /** A part that the model made; a carrier in its signature is left on it. */
    static Part ofModel(GeminiObject part, JsonNode raw, String callId) {
        if (isItem(part)) {
            return GeminiItems.read(raw, part.text("thoughtSignature"), part.pointer());
        }
        boolean thought = part.flag("thought");
        Seal seal = seal(part);
        GeminiObject call = part.object("functionCall");
        if (call != null) {
            return call(call, seal, part, callId);
        }
        boolean media = part.has("inlineData") || part.has("fileData");
        if (media && thought) {
            return new Part.VendorItem(GeminiApi.NAME, raw, null, null);
        }
        if (thought) {
            String text = part.text("text");
            return new Part.Thinking(text == null ? "" : text, seal, extras(part));
        }
        if (!media) {
            return text(part, seal);
        }
        Part medium = media(part, seal);
        // A document of the model's own making; the uniform one carries no state.
        boolean unsealed = seal != null && !Carrier.is(seal) && medium.seal() == null;
        return unsealed ? new Part.VendorItem(GeminiApi.NAME, raw, null, null) : medium;
    }

    /** A part that the user sends; not a function's response. */
    static Part ofUser(GeminiObject part, JsonNode raw) {
        if (part.has("functionCall")) {
            String at = part.at("functionCall");
            throw GeminiObject.wrong(raw.get("functionCall"), at, "none in a user's content");
        }
        if (isItem(part)) {
            return new Part.VendorItem(GeminiApi.NAME, raw, null, null);
        }
        return part.has("inlineData") || part.has("fileData")
                ? media(part, null)
                : text(part, null);
    }

    private static boolean isItem(GeminiObject part) {
        return ITEMS.stream().anyMatch(part::has);
    }

    private static @Nullable Seal seal(GeminiObject part) {
        String signature = part.text("thoughtSignature");
        return signature == null ? null : GeminiSeals.read(signature, part.at("thoughtSignature"));
    }

    private static Part text(GeminiObject part, @Nullable Seal seal) {
        String text = part.text("text");
        return new Part.Text(text == null ? "" : text, List.of(), seal, null, extras(part));
    }

    private static Part media(GeminiObject part, @Nullable Seal seal) {
        GeminiObject inline = part.object("inlineData");
        GeminiObject file = part.object("fileData");
        ObjectNode rest = part.rest();
        if (inline != null && file != null) {
            throw GeminiObject.wrong(null, part.pointer(), "inlineData or fileData, not both");
        }
        if (inline != null) {
            return GeminiMedia.inline(inline, seal, rest);
        }
        return GeminiMedia.file(Objects.requireNonNull(file), seal, rest);
    }

    private static Part call(
            GeminiObject call, @Nullable Seal seal, GeminiObject part, String callId) {
        String id = call.text("id");
        String name = call.textOf("name");
        ObjectNode args = call.raw("args");
        ObjectNode rest = part.rest();
        ObjectNode unread = call.rest();
        if (!unread.isEmpty()) {
            rest.set("functionCall", unread);
        }
        return new Part.ToolCall(
                id == null || id.isEmpty() ? callId : id,
                name,
                args == null ? "{}" : arguments(args),
                seal,
                null,
                extras(rest));
    }

    /** Arguments that were no JSON object went out as {@code {"_raw":"…"}}. */
    private static String arguments(ObjectNode args) {
        JsonNode raw = args.path(CallArguments.RAW);
        if (args.size() == 1 && raw.isTextual()) {
            try {
                if (!Json.read(raw.textValue()).isObject()) {
                    return raw.textValue();
                }
            } catch (MalformedJson e) {
                return raw.textValue(); // Cut in mid call; kept as it was.
            }
        }
        return Json.text(args);
    }

    private static Extras extras(GeminiObject part) {
        return extras(part.rest());
    }

    /** {@code partMetadata} is the client's own note, which answers do without. */
    private static Extras extras(ObjectNode rest) {
        if (rest.size() == 1 && rest.has("partMetadata")) {
            return new Extras(Map.of(GeminiApi.NAME, rest), true);
        }
        return Extras.of(GeminiApi.NAME, rest);
    }
}
