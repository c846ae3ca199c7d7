package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code inlineData} and {@code fileData}; what kind of part it is, the media type says. */
final class GeminiMedia {
    private static final String FILES = "https://generativelanguage.googleapis.com/";

    private GeminiMedia() {}

    static Part inline(GeminiObject data, @Nullable Seal seal, ObjectNode rest) {
        String type = data.textOf("mimeType");
        String base64 = base64(data.textOf("data"), data.at("data"));
        String name = data.text("displayName");
        ObjectNode unread = data.rest();
        if (!unread.isEmpty()) {
            rest.set("inlineData", unread);
        }
        return part(
                kind(type), new MediaSource.Inline(base64, type), seal, name, Json.object(), rest);
    }

    static Part file(GeminiObject file, @Nullable Seal seal, ObjectNode rest) {
        String uri = file.textOf("fileUri");
        String type = file.text("mimeType");
        String name = file.text("displayName");
        ObjectNode hints = Json.object();
        if (type != null) {
            hints.putObject("fileData").put("mimeType", type);
        }
        ObjectNode unread = file.rest();
        if (!unread.isEmpty()) {
            rest.set("fileData", unread);
        }
        boolean stored = uri.startsWith(FILES) || uri.startsWith("gs://");
        MediaSource source =
                stored ? new MediaSource.FileRef(GeminiApi.NAME, uri) : new MediaSource.Url(uri);
        String kind = type == null ? kindOfAddress(uri) : kind(type);
        return part(kind, source, seal, name, hints, rest);
    }

    /** Names of files are titles of documents, and a hint to the vendor, as all media types are. */
    private static Part part(
            String kind,
            MediaSource source,
            @Nullable Seal seal,
            @Nullable String name,
            ObjectNode hints,
            ObjectNode rest) {
        if (name != null) {
            String field = source instanceof MediaSource.Inline ? "inlineData" : "fileData";
            hints.withObject("/" + field).put("displayName", name);
        }
        Extras extras = extras(hints, rest);
        return switch (kind) {
            case "image" -> new Part.Image(source, seal, null, extras);
            case "audio" -> new Part.Audio(source, null, seal, null, extras);
            case "video" -> new Part.Video(source, seal, null, extras);
            default -> new Part.Document(source, name, null, extras);
        };
    }

    /** Fields that others can go without, and those that they can't, in one place. */
    private static Extras extras(ObjectNode hints, ObjectNode rest) {
        boolean optional = rest.isEmpty();
        for (Map.Entry<String, JsonNode> field : rest.properties()) {
            if (hints.get(field.getKey()) instanceof ObjectNode known
                    && field.getValue() instanceof ObjectNode more) {
                known.setAll(more);
            } else {
                hints.set(field.getKey(), field.getValue());
            }
        }
        return hints.isEmpty() ? Extras.NONE : new Extras(Map.of(GeminiApi.NAME, hints), optional);
    }

    static String kind(String mediaType) {
        int slash = mediaType.indexOf('/');
        String family = slash < 0 ? mediaType : mediaType.substring(0, slash);
        return family.toLowerCase(Locale.ROOT);
    }

    static String kindOfAddress(String uri) {
        String path = uri.toLowerCase(Locale.ROOT);
        int end = path.indexOf('?');
        path = end < 0 ? path : path.substring(0, end);
        if (path.contains("youtube.com/") || path.contains("youtu.be/") || path.endsWith(".mp4")) {
            return "video";
        }
        if (path.endsWith(".png") || path.endsWith(".jpg") || path.endsWith(".jpeg")) {
            return "image";
        }
        return "document";
    }

    /**
     * Base64 in the standard alphabet with padding, of either alphabet without.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code invalid_request} for what is neither
     */
    static String base64(String data, String pointer) {
        String standard = data.replace('-', '+').replace('_', '/');
        int padding = standard.indexOf('=');
        int digits = padding < 0 ? standard.length() : padding;
        for (int i = 0; i < digits; i++) {
            if (!isDigit(standard.charAt(i))) {
                // SDKs for Java break lines; their decoder and Google's skip the breaks.
                return withoutBreaks(standard, pointer);
            }
        }
        String bare = standard.substring(0, digits);
        return switch (digits % 4) {
            case 0 -> bare;
            case 2 -> bare + "==";
            case 3 -> bare + "=";
            default -> throw GeminiObject.wrong(null, pointer, "base64");
        };
    }

    private static boolean isDigit(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/';
    }

    private static String withoutBreaks(String data, String pointer) {
        String joined = data.replace("\r", "").replace("\n", "");
        try {
            return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(joined));
        } catch (IllegalArgumentException e) {
            throw Fault.invalid(pointer + ": other characters (expected: base64)", pointer)
                    .asException();
        }
    }
}
