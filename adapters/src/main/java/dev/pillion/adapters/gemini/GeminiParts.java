package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an answer as they come in. Unsigned text in a row is one part, thinking and answer
 * apart; text that carries a signature is a part of its own, and so is the empty one that closes
 * many answers: it waits until the citations of the text before it are out.
 */
final class GeminiParts {
    /** What a part may carry beside its one field of data. */
    private static final List<String> MODIFIERS = List.of("thought", "thoughtSignature");

    private enum Open {
        NOTHING,
        TEXT,
        THINKING
    }

    /** A text part of the answer. */
    static final class TextPart {
        final int index;
        final StringBuilder text = new StringBuilder();

        TextPart(int index) {
            this.index = index;
        }
    }

    private final GeminiAnswerCheck check;
    private final EncodeContext context;
    private final GeminiGrounding grounding;
    private final List<TextPart> texts = new ArrayList<>();
    private int index = -1;
    private Open open = Open.NOTHING;
    private @Nullable String closing;
    private String answerId = "";
    private @Nullable String idPrefix;
    private int calls;

    GeminiParts(GeminiAnswerCheck check, EncodeContext context, GeminiGrounding grounding) {
        this.check = check;
        this.context = context;
        this.grounding = grounding;
    }

    void answerId(String id) {
        answerId = id;
    }

    boolean called() {
        return calls > 0;
    }

    /** Takes the next part; gives what is wrong with it. */
    @Nullable Fault add(ObjectNode part, Consumer<ChatEvent> out) {
        String signature = text(part, "thoughtSignature");
        boolean thought = part.path("thought").asBoolean(false);
        if (part.path("functionCall") instanceof ObjectNode call) {
            return call(call, signature, out);
        }
        if (part.path("text").isTextual() || isBare(part)) {
            run(part.path("text").asText(""), thought, signature, out);
            return null;
        }
        Part medium = thought ? null : medium(part);
        if (medium != null) {
            whole(medium, signature, out);
        } else {
            var item = new Part.VendorItem(GeminiApi.NAME, part, null, null);
            whole(item, GeminiApi.ITEM_SEAL, out);
        }
        return null;
    }

    static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
    }

    /** Whether it has no data: the vendor leaves out what is empty. */
    private static boolean isBare(ObjectNode part) {
        for (var entry : part.properties()) {
            if (!MODIFIERS.contains(entry.getKey())) {
                return false;
            }
        }
        return true;
    }

    private void run(
            String text, boolean thought, @Nullable String signature, Consumer<ChatEvent> out) {
        if (text.isEmpty() && signature == null) {
            return;
        }
        if (text.isEmpty() && !thought) {
            flush(out);
            closing = signature;
            return;
        }
        Open kind = thought ? Open.THINKING : Open.TEXT;
        if (closing != null || signature != null || open != kind) {
            next(out);
            open = kind;
            if (!thought) {
                texts.add(new TextPart(index));
            }
        }
        if (thought) {
            out.accept(new ChatEvent.ThinkingDelta(index, text));
        } else {
            texts.getLast().text.append(text);
            check.text(text);
            out.accept(new ChatEvent.TextDelta(index, text));
        }
        if (signature != null) {
            seal(signature, out);
            close(out);
        }
    }

    private @Nullable Fault call(
            ObjectNode call, @Nullable String signature, Consumer<ChatEvent> out) {
        String name = text(call, "name");
        if (name == null) {
            return Fault.protocol("a function call without a name");
        }
        if (call.path("willContinue").asBoolean(false) || call.has("partialArgs")) {
            return Fault.protocol("a function call in pieces, which nobody asked for");
        }
        JsonNode args = call.path("args");
        String arguments = args.isMissingNode() || args.isNull() ? "{}" : Json.text(args);
        next(out);
        String id = text(call, "id");
        out.accept(new ChatEvent.ToolCallStarted(index, id == null ? madeId() : id, name));
        out.accept(new ChatEvent.ToolCallDelta(index, arguments));
        seal(signature, out);
        calls++;
        check.toolCall(name, arguments);
        return null;
    }

    private String madeId() {
        if (idPrefix == null) {
            idPrefix = GeminiCallIds.prefix(answerId);
        }
        return idPrefix + calls;
    }

    /** A picture, sound or video; null where it is something else. */
    private static @Nullable Part medium(ObjectNode part) {
        JsonNode inline = part.path("inlineData");
        JsonNode file = part.path("fileData");
        String type = text(inline.isObject() ? inline : file, "mimeType");
        String data = text(inline, "data");
        String uri = text(file, "fileUri");
        MediaSource source = null;
        if (data != null && type != null) {
            source = new MediaSource.Inline(data, type);
        } else if (uri != null) {
            source = new MediaSource.Url(uri);
        }
        if (type == null || source == null) {
            return null;
        }
        if (type.startsWith("image/")) {
            return new Part.Image(source, null, Extras.NONE);
        }
        if (type.startsWith("audio/")) {
            return new Part.Audio(source, null, null, Extras.NONE);
        }
        return type.startsWith("video/") ? new Part.Video(source, null, Extras.NONE) : null;
    }

    /** A part that comes whole, perhaps sealed. */
    void whole(Part part, @Nullable String sealData, Consumer<ChatEvent> out) {
        next(out);
        out.accept(new ChatEvent.Whole(index, part));
        seal(sealData, out);
    }

    private void seal(@Nullable String data, Consumer<ChatEvent> out) {
        if (data != null) {
            var seal = new Seal(GeminiApi.NAME, context.account(), context.model().id(), data);
            out.accept(new ChatEvent.Sealed(index, seal));
        }
    }

    /** Ends what is open and counts on to the next part. */
    private void next(Consumer<ChatEvent> out) {
        flush(out);
        close(out);
        index++;
    }

    private void close(Consumer<ChatEvent> out) {
        if (open == Open.TEXT) {
            grounding.cite(texts.getLast(), out);
        }
        open = Open.NOTHING;
    }

    /** Lets the closing signature out, in an empty part of its own. */
    private void flush(Consumer<ChatEvent> out) {
        String signature = closing;
        if (signature != null) {
            closing = null;
            close(out);
            index++;
            out.accept(new ChatEvent.TextDelta(index, ""));
            seal(signature, out);
        }
    }

    /** The answer has ended: cites what is left to cite. */
    void end(Consumer<ChatEvent> out) {
        grounding.citeRest(texts, out);
        flush(out);
        close(out);
    }
}
