package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.StoredNames;
import dev.pillion.protocol.chat.CacheMark;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes the content of one message: a string, or an array of parts. */
final class ContentDecoder {
    /** Fields that only say how to cache, in OpenAI's form and in that of a known router. */
    private static final Set<String> CACHE = Set.of("prompt_cache_breakpoint", "cache_control");

    private ContentDecoder() {}

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
        CacheMark cache = mark(part);
        return switch (type) {
            case "text" ->
                    new Part.Text(
                            Fields.string(part.get("text"), at + "/text"),
                            List.of(),
                            null,
                            cache,
                            extras(part, "text"));
            case "refusal" ->
                    new Part.Text(
                            Fields.string(part.get("refusal"), at + "/refusal"),
                            List.of(),
                            Marks.refusal(),
                            cache,
                            extras(part, "refusal"));
            case "image_url" -> image(part, cache, at);
            case "input_audio" -> audio(part, cache, at);
            case "file" -> file(part, cache, at);
            default -> throw unknown(type, at);
        };
    }

    private static RuntimeException unknown(String type, String at) {
        String shown = type.length() > 40 ? type.substring(0, 40) : type;
        return Fault.unsupported(
                        at
                                + "/type: "
                                + shown
                                + " (expected: text, image_url, input_audio, file or refusal)",
                        at + "/type")
                .asException();
    }

    private static @Nullable CacheMark mark(ObjectNode part) {
        JsonNode control = part.path("cache_control");
        if (control.path("ttl").asText().equals("1h")) {
            return CacheMark.ONE_HOUR;
        }
        return control.isObject() || part.path("prompt_cache_breakpoint").isObject()
                ? CacheMark.FIVE_MINUTES
                : null;
    }

    /** What the part says beyond its type and payload; caching alone is a hint. */
    private static Extras extras(ObjectNode part, String payload) {
        ObjectNode rest = Fields.unknown(part, Set.of("type", payload));
        return extras(rest);
    }

    private static Extras extras(ObjectNode rest) {
        if (rest.isEmpty()) {
            return Extras.NONE;
        }
        boolean optional = true;
        for (Map.Entry<String, JsonNode> field : rest.properties()) {
            optional &= CACHE.contains(field.getKey());
        }
        return new Extras(Map.of(Marks.SPEAKS, rest), optional);
    }

    private static Part image(ObjectNode part, @Nullable CacheMark cache, String at) {
        JsonNode node = part.path("image_url");
        ObjectNode rest = Fields.unknown(part, Set.of("type", "image_url"));
        String url;
        if (node.isTextual()) {
            url = node.textValue();
        } else {
            ObjectNode image = Fields.object(node, at + "/image_url");
            url = Fields.string(image.get("url"), at + "/image_url/url");
            ObjectNode more = Fields.unknown(image, Set.of("url"));
            if (more.path("detail").asText().equals("auto")) {
                more.remove("detail");
            }
            if (!more.isEmpty()) {
                rest.set("image_url", more);
            }
        }
        return new Part.Image(source(url), cache, detailAlone(rest) ? hint(rest) : extras(rest));
    }

    /** How closely to look at a picture is a hint: elsewhere the vendor decides. */
    private static boolean detailAlone(ObjectNode rest) {
        JsonNode image = rest.path("image_url");
        return rest.size() == 1 && image.size() == 1 && image.has("detail");
    }

    private static Extras hint(ObjectNode rest) {
        return new Extras(Map.of(Marks.SPEAKS, rest), true);
    }

    private static Part audio(ObjectNode part, @Nullable CacheMark cache, String at) {
        ObjectNode audio = Fields.object(part.path("input_audio"), at + "/input_audio");
        String data = Fields.string(audio.get("data"), at + "/input_audio/data");
        String format = Fields.string(audio.get("format"), at + "/input_audio/format");
        return new Part.Audio(
                new MediaSource.Inline(data, Media.audioType(format)),
                null,
                cache,
                extras(part, "input_audio"));
    }

    private static Part file(ObjectNode part, @Nullable CacheMark cache, String at) {
        ObjectNode file = Fields.object(part.path("file"), at + "/file");
        ObjectNode rest = Fields.unknown(part, Set.of("type", "file"));
        ObjectNode more = Fields.unknown(file, Set.of("file_id", "file_data", "filename"));
        String id = Fields.stringOrNull(file, "file_id", at + "/file");
        String data = Fields.stringOrNull(file, "file_data", at + "/file");
        MediaSource source;
        if (id != null) {
            source = new MediaSource.FileRef(StoredNames.vendorOf(id, Marks.SPEAKS), id);
        } else if (data != null) {
            source = source(data);
        } else {
            throw Fields.wrong(null, at + "/file/file_data", "file_data or file_id");
        }
        String name = Fields.stringOrNull(file, "filename", at + "/file");
        if (!more.isEmpty()) {
            rest.set("file", more);
            return new Part.Document(source, name, cache, extras(rest));
        }
        // Remembers that it came as a file, whatever its type.
        boolean pdf = data != null && data.startsWith("data:application/pdf");
        Extras extras = extras(rest);
        if (!pdf) {
            rest.set("file", more);
            extras = new Extras(Map.of(Marks.SPEAKS, rest), extras.optional());
        }
        return new Part.Document(source, name, cache, extras);
    }

    private static MediaSource source(String url) {
        MediaSource inline = Media.dataUrl(url);
        return inline == null ? new MediaSource.Url(url) : inline;
    }
}
