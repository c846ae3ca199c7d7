package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.StoredNames;
import dev.pillion.adapters.openai.Fields;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.adapters.openai.Media;
import dev.pillion.protocol.chat.CacheMark;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes the content of a message or the output of a call: a string, or an array of parts. */
final class InputParts {
    private static final String CACHE = "prompt_cache_breakpoint";
    private static final String DETAIL = "detail";

    /** What the SDKs' own helpers put on a text, and no vendor takes. */
    private static final String PARSED = "parsed";

    /** How to cache, and how closely to look: elsewhere the vendor decides. */
    private static final Set<String> HINTS = Set.of(CACHE, DETAIL, "annotations", "logprobs");

    private static final String TYPES =
            "input_text, input_image, input_file, input_audio, output_text or refusal";

    private InputParts() {}

    static List<Part> parts(@Nullable JsonNode content, String at) {
        if (content != null && content.isTextual()) {
            return List.of(new Part.Text(content.textValue()));
        }
        if (content == null || !content.isArray()) {
            throw Fields.wrong(content, at, "a string or an array of parts");
        }
        List<Part> parts = new ArrayList<>();
        for (JsonNode node : content) {
            String pointer = at + "/" + parts.size();
            parts.add(part(Fields.object(node, pointer), pointer));
        }
        return List.copyOf(parts);
    }

    private static Part part(ObjectNode part, String at) {
        String type = Fields.string(part.get("type"), at + "/type");
        return switch (type) {
            case "input_text", "text" ->
                    new Part.Text(
                            Fields.string(part.get("text"), at + "/text"),
                            List.of(),
                            null,
                            mark(part),
                            extras(part, "text"));
            case "output_text" -> outputText(part, at);
            case "refusal" ->
                    new Part.Text(
                            Fields.string(part.get("refusal"), at + "/refusal"),
                            List.of(),
                            Marks.refusal(),
                            mark(part),
                            extras(part, "refusal"));
            case "input_image" -> image(part, at);
            case "input_file" -> file(part, at);
            case "input_audio" -> audio(part, at);
            default -> throw unknown(type, at);
        };
    }

    private static RuntimeException unknown(String type, String at) {
        String shown = type.length() > 40 ? type.substring(0, 40) : type;
        String message = at + "/type: " + shown + " (expected: " + TYPES + ")";
        return Fault.unsupported(message, at + "/type").asException();
    }

    private static @Nullable CacheMark mark(ObjectNode part) {
        JsonNode mark = part.path(CACHE);
        if (!mark.isObject()) {
            return null;
        }
        return mark.path("ttl").asText().equals("12h")
                ? CacheMark.ONE_HOUR
                : CacheMark.FIVE_MINUTES;
    }

    /** What the part says beyond its type and payload. */
    private static Extras extras(ObjectNode part, String... payload) {
        ObjectNode rest = part.objectNode();
        Set<String> known = Set.of(payload);
        boolean optional = true;
        for (Map.Entry<String, JsonNode> field : part.properties()) {
            String name = field.getKey();
            if (!known.contains(name) && !name.equals("type") && !saysNothing(field.getValue())) {
                rest.set(name, field.getValue());
                optional &= HINTS.contains(name);
            }
        }
        return rest.isEmpty() ? Extras.NONE : new Extras(Map.of(Marks.SPEAKS, rest), optional);
    }

    private static boolean saysNothing(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || value.asText().equals("auto");
    }

    private static Part outputText(ObjectNode part, String at) {
        JsonNode annotations = part.path("annotations");
        boolean plain = Annotations.arePlain(annotations);
        return new Part.Text(
                Fields.string(part.get("text"), at + "/text"),
                Annotations.citations(annotations),
                null,
                mark(part),
                plain ? extras(part, "text", PARSED, "annotations") : extras(part, "text", PARSED));
    }

    private static Part image(ObjectNode part, String at) {
        String id = Fields.stringOrNull(part, "file_id", at);
        String url = Fields.stringOrNull(part, "image_url", at);
        MediaSource source;
        if (url != null) {
            source = source(url);
        } else if (id != null) {
            source = new MediaSource.FileRef(Marks.SPEAKS, id);
        } else {
            throw Fields.wrong(null, at + "/image_url", "image_url or file_id");
        }
        Extras extras = extras(part, "image_url", "file_id");
        return new Part.Image(source, mark(part), nested(extras, "image_url", false));
    }

    private static MediaSource source(String url) {
        MediaSource inline = Media.dataUrl(url);
        return inline == null ? new MediaSource.Url(url) : inline;
    }

    private static Part file(ObjectNode part, String at) {
        String id = Fields.stringOrNull(part, "file_id", at);
        String data = Fields.stringOrNull(part, "file_data", at);
        String url = Fields.stringOrNull(part, "file_url", at);
        String name = Fields.stringOrNull(part, "filename", at);
        MediaSource source;
        if (data != null) {
            MediaSource inline = Media.dataUrl(data);
            source = inline == null ? new MediaSource.Inline(data, typeOf(name)) : inline;
        } else if (url != null) {
            source = new MediaSource.Url(url);
        } else if (id != null) {
            source = new MediaSource.FileRef(StoredNames.vendorOf(id, Marks.SPEAKS), id);
        } else {
            throw Fields.wrong(null, at + "/file_data", "file_data, file_url or file_id");
        }
        Extras extras = extras(part, "file_id", "file_data", "file_url", "filename");
        boolean text =
                source instanceof MediaSource.Inline inline
                        && Media.bare(inline.mediaType()).startsWith("text/");
        return new Part.Document(source, name, mark(part), nested(extras, "file", text));
    }

    /**
     * The detail where Chat Completions has it, a level deeper, so that both APIs can be told.
     *
     * @param always whether the level itself says something: that a text came as a file
     */
    private static Extras nested(Extras extras, String name, boolean always) {
        ObjectNode raw = extras.forVendor(Marks.SPEAKS);
        if (!always && (raw == null || !raw.has(DETAIL))) {
            return extras;
        }
        ObjectNode fields = raw == null ? Json.object() : raw.deepCopy();
        JsonNode detail = fields.remove(DETAIL);
        ObjectNode below = fields.putObject(name);
        if (detail != null) {
            below.set(DETAIL, detail);
        }
        return new Extras(Map.of(Marks.SPEAKS, fields), extras.optional());
    }

    /** Bytes without a data URL's type: the name tells, or nobody. */
    private static String typeOf(@Nullable String name) {
        String lower = name == null ? "" : name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".pdf")) {
            return "application/pdf";
        }
        return lower.endsWith(".txt") ? "text/plain" : "application/octet-stream";
    }

    private static Part audio(ObjectNode part, String at) {
        String pointer = at + "/input_audio";
        ObjectNode audio = Fields.object(part.path("input_audio"), pointer);
        String data = Fields.string(audio.get("data"), pointer + "/data");
        String format = Fields.string(audio.get("format"), pointer + "/format");
        return new Part.Audio(
                new MediaSource.Inline(data, Media.audioType(format)),
                null,
                mark(part),
                extras(part, "input_audio"));
    }
}
