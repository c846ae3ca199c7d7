package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One part of a content; null where a part of ours leaves none. */
final class GeminiPartEncoder {
    private static final String SIGNATURE = "thoughtSignature";

    private final EncodeContext context;
    private final Losses losses;
    private final GeminiMediaEncoder media;

    GeminiPartEncoder(EncodeContext context, Losses losses) {
        this.context = context;
        this.losses = losses;
        this.media = new GeminiMediaEncoder(context, losses);
    }

    /** A part of a user's content, or of a tool's result. */
    @Nullable ObjectNode user(Part part, String pointer) {
        return switch (part) {
            case Part.Text text ->
                    text.text().isEmpty() ? null : extended(text(text), part, pointer);
            case Part.Image _, Part.Document _, Part.Audio _, Part.Video _ ->
                    extended(media.part(part, pointer), part, pointer);
            case Part.ToolCall _ -> lost(pointer, "a tool call outside an assistant message");
            case Part.ToolResult _ -> lost(pointer, "a tool result inside another");
            case Part.Thinking _ -> lost(pointer, "thinking outside an assistant message");
            case Part.VendorItem item ->
                    item.provider().equals(GeminiApi.NAME)
                            ? item(item)
                            : lost(pointer, "an item of " + item.provider() + " only");
        };
    }

    /**
     * A part of an assistant message.
     *
     * @param firstCall whether no call stands before it in its content
     */
    @Nullable ObjectNode assistant(Part part, String pointer, boolean firstCall) {
        return switch (part) {
            case Part.Text text -> signedText(text, pointer);
            case Part.ToolCall call -> call(call, pointer, firstCall);
            case Part.Thinking thinking -> thinking(thinking, pointer);
            case Part.VendorItem item -> isOurs(item) ? item(item) : stateless(item);
            case Part.Audio audio -> audio(audio, pointer);
            case Part.Image _, Part.Document _, Part.Video _ ->
                    signed(extended(media.part(part, pointer), part, pointer), part);
            case Part.ToolResult _ -> lost(pointer, "a tool result in an assistant message");
        };
    }

    /** A document's name, which has no field: said before it. Null where there is none. */
    static @Nullable String caption(Part part) {
        return part instanceof Part.Document document
                        && document.title() != null
                        && !isNamed(document.extras().forVendor(GeminiApi.NAME))
                ? "Document: " + document.title()
                : null;
    }

    /** On the vendor's own surface a file may have a name. */
    private static boolean isNamed(@Nullable ObjectNode own) {
        return own != null
                && (own.path("inlineData").has("displayName")
                        || own.path("fileData").has("displayName"));
    }

    private @Nullable ObjectNode lost(String pointer, String why) {
        losses.lose(pointer, why);
        return null;
    }

    private static ObjectNode text(Part.Text text) {
        return Json.object().put("text", text.text());
    }

    /** Empty text stays where it holds a signature: that is how many an answer ends. */
    private @Nullable ObjectNode signedText(Part.Text text, String pointer) {
        if (text.text().isEmpty() && !fits(text.seal())) {
            return null;
        }
        return signed(extended(text(text), text, pointer), text);
    }

    /** What was said aloud is kept by its words, unless it is the vendor's own. */
    private @Nullable ObjectNode audio(Part.Audio audio, String pointer) {
        if (audio.transcript() != null && !fits(audio.seal())) {
            return extended(Json.object().put("text", audio.transcript()), audio, pointer);
        }
        return signed(extended(media.part(audio, pointer), audio, pointer), audio);
    }

    /** Thinking goes back to who thought it: the vendor's own account, or where none is named. */
    private @Nullable ObjectNode thinking(Part.Thinking thinking, String pointer) {
        boolean foreign = thinking.seal() != null && !fits(thinking.seal());
        boolean empty = thinking.seal() == null && thinking.text().isEmpty();
        if (foreign || empty || context.model().thinking() == null) {
            return null;
        }
        ObjectNode part = Json.object();
        if (!thinking.text().isEmpty()) {
            part.put("text", thinking.text());
        }
        return signed(extended(part.put("thought", true), thinking, pointer), thinking);
    }

    private @Nullable ObjectNode call(Part.ToolCall call, String pointer, boolean first) {
        ObjectNode part = Json.object();
        ObjectNode function = part.putObject("functionCall");
        if (!GeminiCallIds.isMade(call.id())) {
            function.put("id", call.id());
        }
        function.put("name", call.name());
        function.set("args", arguments(call.arguments()));
        ObjectNode signed = signed(extended(part, call, pointer), call);
        if (first && signed != null && !signed.has(SIGNATURE) && wantsSignatures()) {
            signed.put(SIGNATURE, GeminiApi.NO_SIGNATURE);
        }
        return signed;
    }

    /**
     * Whether a call without a signature is refused: so by the models that think by levels. Set for
     * older turns as well, which the vendor does not check, so that the conversation's head stays
     * the same as it grows.
     */
    private boolean wantsSignatures() {
        return switch (context.model().thinking()) {
            case null -> false;
            case ModelTraits.Thinking.BUDGET -> false;
            case ModelTraits.Thinking.ADAPTIVE, ModelTraits.Thinking.ALWAYS -> true;
        };
    }

    /** Arguments as an object; what is none (a cut call, a bare value) is wrapped. */
    private static ObjectNode arguments(String arguments) {
        try {
            JsonNode value = Json.read(arguments);
            if (value instanceof ObjectNode object) {
                return object;
            }
            ObjectNode wrapped = Json.object();
            wrapped.set("_raw", value);
            return wrapped;
        } catch (MalformedJson e) {
            return Json.object().put("_raw", arguments); // What the model wrote, as it wrote it.
        }
    }

    /**
     * A tool's result: its text under {@code output}, or {@code error} where it failed.
     *
     * @param behind takes what may not stand inside, to follow in the same content
     */
    ObjectNode response(
            Part.ToolResult result, String name, String pointer, List<ObjectNode> behind) {
        ObjectNode part = Json.object();
        ObjectNode response = part.putObject("functionResponse");
        if (!GeminiCallIds.isMade(result.toolCallId())) {
            response.put("id", result.toolCallId());
        }
        response.put("name", name);
        List<String> texts = new ArrayList<>();
        ArrayNode inside = Json.nodes().arrayNode();
        for (int i = 0; i < result.content().size(); i++) {
            Part each = result.content().get(i);
            String at = pointer + "/content/" + i;
            ObjectNode rendered = user(each, at);
            String caption = caption(each);
            if (caption != null) {
                texts.add(caption);
            }
            if (each instanceof Part.Text text) {
                texts.add(text.text());
            } else if (rendered != null) {
                boolean fits =
                        !context.model().refuses(Refusal.TOOL_MEDIA)
                                && (rendered.has("inlineData") || rendered.has("fileData"));
                add(rendered, fits ? inside : null, behind);
            }
        }
        response.putObject("response").set(result.error() ? "error" : "output", value(texts));
        if (!inside.isEmpty()) {
            response.set("parts", inside);
        }
        losses.loseForeign(result.extras(), GeminiApi.NAME, pointer);
        ObjectNode own = result.extras().forVendor(GeminiApi.NAME);
        if (own != null) {
            response.setAll(own);
        }
        return part;
    }

    private static void add(ObjectNode part, @Nullable ArrayNode inside, List<ObjectNode> behind) {
        if (inside == null) {
            behind.add(part);
        } else {
            inside.add(part);
        }
    }

    private static JsonNode value(List<String> texts) {
        if (texts.size() <= 1) {
            return Json.nodes().textNode(texts.isEmpty() ? "" : texts.getFirst());
        }
        ArrayNode list = Json.nodes().arrayNode();
        texts.forEach(list::add);
        return list;
    }

    /** Whether the item may go back with all its state. */
    boolean isOurs(Part.VendorItem item) {
        Seal seal = item.seal();
        return item.provider().equals(GeminiApi.NAME)
                && (seal == null
                        || seal.fits(GeminiApi.NAME, context.account(), context.model().id()));
    }

    private static @Nullable ObjectNode item(Part.VendorItem item) {
        boolean part = item.item().isObject() && !GeminiCandidateFields.isSuch(item.item());
        return part ? item.item().deepCopy() : null;
    }

    /** Code and what it printed can be told to anyone; what else a vendor's tool did can't. */
    private static @Nullable ObjectNode stateless(Part.VendorItem item) {
        ObjectNode part = item.provider().equals(GeminiApi.NAME) ? item(item) : null;
        if (part == null || !(part.has("executableCode") || part.has("codeExecutionResult"))) {
            return null;
        }
        part.remove(SIGNATURE);
        return part;
    }

    private boolean fits(@Nullable Seal seal) {
        return seal != null && seal.fits(GeminiApi.NAME, context.account(), context.model().id());
    }

    private @Nullable ObjectNode signed(@Nullable ObjectNode part, Part from) {
        Seal seal = from.seal();
        if (part != null && seal != null && fits(seal)) {
            part.put(SIGNATURE, seal.data());
        }
        return part;
    }

    private @Nullable ObjectNode extended(@Nullable ObjectNode part, Part from, String pointer) {
        losses.loseForeign(from.extras(), GeminiApi.NAME, pointer);
        ObjectNode own = from.extras().forVendor(GeminiApi.NAME);
        if (part != null && own != null) {
            GeminiRawFields.merge(own, part);
        }
        return part;
    }
}
