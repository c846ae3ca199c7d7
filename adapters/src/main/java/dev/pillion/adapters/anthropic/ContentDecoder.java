package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.CacheMark;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes content blocks. A block that the uniform form has no part for is kept raw. */
final class ContentDecoder {
    private static final String CACHE = "cache_control";

    private final boolean old;

    ContentDecoder(boolean old) {
        this.old = old;
    }

    /** Decodes one block at a pointer. */
    @FunctionalInterface
    interface BlockDecoder {
        Part decode(JsonNode block, String pointer);
    }

    /** Content as a string, which is one text, or as blocks. */
    List<Part> list(@Nullable JsonNode content, String pointer, BlockDecoder decoder) {
        if (content == null) {
            throw Fields.bad(pointer, "missing", "a string or an array of blocks");
        }
        if (content.isTextual()) {
            return content.asText().isEmpty()
                    ? List.of()
                    : List.of(new Part.Text(content.asText()));
        }
        if (!content.isArray()) {
            throw Fields.bad(pointer, "neither", "a string or an array of blocks");
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < content.size(); i++) {
            parts.add(decoder.decode(content.get(i), pointer + "/" + i));
        }
        return parts;
    }

    /** A block of a user or system message, or of a tool's result. */
    Part user(JsonNode node, String pointer) {
        ObjectNode block = Fields.object(node, pointer);
        return switch (Fields.requiredText(block, "type", pointer)) {
            case "text" -> userText(block, pointer);
            case "image" -> image(block, pointer);
            case "document" -> document(block, pointer);
            case "tool_result" -> toolResult(block, pointer);
            case "search_result" -> searchResult(block, pointer);
            default -> item(block, pointer);
        };
    }

    /** A block of an assistant message. */
    Part assistant(JsonNode node, String pointer) {
        ObjectNode block = Fields.object(node, pointer);
        return switch (Fields.requiredText(block, "type", pointer)) {
            case "text" -> assistantText(block, pointer);
            case "tool_use" -> toolCall(block, pointer);
            case "thinking" -> thinking(block, pointer);
            case "redacted_thinking" -> redacted(block, pointer);
            case "document" -> {
                if (!old) {
                    throw Fields.bad(
                            pointer,
                            "a document in an assistant message",
                            "none in API version " + Api.VERSION);
                }
                yield document(block, pointer);
            }
            default -> item(block, pointer);
        };
    }

    private Part.Text userText(ObjectNode block, String pointer) {
        ObjectNode rest = rest(block, Set.of("text"));
        boolean cites = !block.path("citations").isEmpty();
        refuseUserCitations(block, pointer);
        boolean annotated = cites && rest.size() == 1;
        Extras extras =
                annotated ? new Extras(Map.of(Api.NAME, rest), true) : Extras.of(Api.NAME, rest);
        return new Part.Text(
                Fields.requiredText(block, "text", pointer),
                List.of(),
                null,
                cache(block, pointer),
                extras);
    }

    private void refuseUserCitations(ObjectNode block, String pointer) {
        if (!old && !block.path("citations").isEmpty()) {
            throw Fields.bad(
                    pointer + "/citations",
                    "citations on a user's text",
                    "none in API version " + Api.VERSION);
        }
    }

    private Part.Text assistantText(ObjectNode block, String pointer) {
        String text = Fields.requiredText(block, "text", pointer);
        List<JsonNode> raw = Fields.array(block, "citations", pointer);
        List<Citation> citations = new ArrayList<>();
        boolean ours = true;
        for (JsonNode citation : raw) {
            Citation carried = Carried.citation(citation);
            ours &= carried != null;
            citations.add(
                    carried == null
                            ? Citations.read(citation, text.codePointCount(0, text.length()))
                            : carried);
        }
        Seal seal =
                raw.isEmpty() || ours ? null : VendorState.citations(block.path("citations"), null);
        return new Part.Text(
                text,
                citations,
                seal,
                cache(block, pointer),
                extras(block, Set.of("text", "citations")));
    }

    private Part image(ObjectNode block, String pointer) {
        MediaSource source = source(block, pointer);
        if (source == null) {
            return item(block, pointer);
        }
        Set<String> known = Set.of("source");
        return new Part.Image(source, cache(block, pointer), extras(block, known));
    }

    private Part document(ObjectNode block, String pointer) {
        MediaSource source = source(block, pointer);
        if (source == null) {
            return item(block, pointer);
        }
        return new Part.Document(
                source,
                Fields.text(block, "title", pointer),
                cache(block, pointer),
                extras(block, Set.of("source", "title")));
    }

    /** Where the bytes are; null for a source that only Anthropic knows. */
    private static @Nullable MediaSource source(ObjectNode block, String pointer) {
        ObjectNode source = Fields.object(block, "source", pointer);
        String at = pointer + "/source";
        if (source == null) {
            throw Fields.bad(at, "missing", "an object");
        }
        return switch (Fields.requiredText(source, "type", at)) {
            case "base64" ->
                    only(source, "media_type", "data")
                            ? new MediaSource.Inline(
                                    Fields.requiredText(source, "data", at),
                                    Fields.requiredText(source, "media_type", at))
                            : null;
            case "text" ->
                    only(source, "media_type", "data")
                            ? plainText(Fields.requiredText(source, "data", at))
                            : null;
            case "url" ->
                    only(source, "url", "url")
                            ? new MediaSource.Url(Fields.requiredText(source, "url", at))
                            : null;
            case "file" ->
                    only(source, "file_id", "file_id")
                            ? new MediaSource.FileRef(
                                    Api.NAME, Fields.requiredText(source, "file_id", at))
                            : null;
            default -> null;
        };
    }

    private static boolean only(ObjectNode source, String one, String other) {
        for (var entry : source.properties()) {
            String name = entry.getKey();
            if (!name.equals("type") && !name.equals(one) && !name.equals(other)) {
                return false;
            }
        }
        return true;
    }

    private static MediaSource plainText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new MediaSource.Inline(Base64.getEncoder().encodeToString(bytes), "text/plain");
    }

    private Part.ToolResult toolResult(ObjectNode block, String pointer) {
        JsonNode content = Fields.present(block, "content");
        return new Part.ToolResult(
                Fields.requiredText(block, "tool_use_id", pointer),
                content == null ? List.of() : list(content, pointer + "/content", this::user),
                Boolean.TRUE.equals(Fields.bool(block, "is_error", pointer)),
                cache(block, pointer),
                extras(block, Set.of("tool_use_id", "content", "is_error")));
    }

    private Part searchResult(ObjectNode block, String pointer) {
        List<JsonNode> texts = Fields.array(block, "content", pointer);
        for (int i = 0; i < texts.size(); i++) {
            String at = pointer + "/content/" + i;
            refuseUserCitations(Fields.object(texts.get(i), at), at);
        }
        return item(block, pointer);
    }

    private static Part.ToolCall toolCall(ObjectNode block, String pointer) {
        ObjectNode input = Fields.object(block, "input", pointer);
        ObjectNode fields =
                ToolBlock.extraFields(block, Set.of("type", "id", "name", "input", CACHE));
        return new Part.ToolCall(
                Fields.requiredText(block, "id", pointer),
                Fields.requiredText(block, "name", pointer),
                input == null ? "{}" : Json.text(input),
                fields.isEmpty() ? null : VendorState.callFields(fields),
                cache(block, pointer),
                Extras.NONE);
    }

    private static Part.Thinking thinking(ObjectNode block, String pointer) {
        String signature = Fields.text(block, "signature", pointer);
        Seal seal = null;
        if (signature != null && !signature.isEmpty()) {
            seal =
                    Seals.isOurs(signature)
                            ? Seals.read(signature, pointer + "/signature")
                            : VendorState.signature(signature, null, null);
        }
        String text = Fields.text(block, "thinking", pointer);
        return new Part.Thinking(
                text == null ? "" : text, seal, extras(block, Set.of("thinking", "signature")));
    }

    private static Part.Thinking redacted(ObjectNode block, String pointer) {
        String data = Fields.requiredText(block, "data", pointer);
        Seal seal =
                Seals.isOurs(data)
                        ? Seals.read(data, pointer + "/data")
                        : VendorState.redacted(data, null, null);
        return new Part.Thinking("", seal, extras(block, Set.of("data")));
    }

    private static Part.VendorItem item(ObjectNode block, String pointer) {
        CacheMark mark = cache(block, pointer);
        ObjectNode raw = block;
        if (block.has(CACHE)) {
            raw = block.deepCopy();
            raw.remove(CACHE);
        }
        return new Part.VendorItem(Api.NAME, raw, null, mark);
    }

    private static Extras extras(ObjectNode block, Set<String> known) {
        return Extras.of(Api.NAME, rest(block, known));
    }

    private static ObjectNode rest(ObjectNode block, Set<String> known) {
        ObjectNode rest = Json.object();
        for (var entry : block.properties()) {
            String field = entry.getKey();
            boolean said = known.contains(field) || field.equals("type") || field.equals(CACHE);
            if (!said && !entry.getValue().isNull()) {
                rest.set(field, entry.getValue());
            }
        }
        return rest;
    }

    /** The caching hint on a block or tool. */
    static @Nullable CacheMark cache(ObjectNode block, String pointer) {
        ObjectNode control = Fields.object(block, CACHE, pointer);
        if (control == null) {
            return null;
        }
        String at = pointer + "/" + CACHE;
        String type = Fields.requiredText(control, "type", at);
        if (!type.equals("ephemeral")) {
            throw Fields.bad(at + "/type", type, "ephemeral");
        }
        String life = Fields.text(control, "ttl", at);
        return switch (life == null ? "5m" : life) {
            case "5m" -> CacheMark.FIVE_MINUTES;
            case "1h" -> CacheMark.ONE_HOUR;
            default -> throw Fields.bad(at + "/ttl", String.valueOf(life), "5m or 1h");
        };
    }
}
