package dev.pillion.protocol.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a message from the uniform JSON. */
final class PartReader {
    private static final String TYPES =
            "one of text, image, document, audio, video, tool_call, tool_result, thinking,"
                    + " vendor_item";

    private PartReader() {}

    /** A content value: a string, or an array of parts. */
    static List<Part> content(@Nullable JsonNode node, String pointer) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (node.isTextual()) {
            return List.of(new Part.Text(node.textValue()));
        }
        if (!node.isArray()) {
            throw JsonFields.bad(pointer, JsonFields.kind(node), "a string or an array of parts");
        }
        List<Part> parts = new ArrayList<>(node.size());
        int index = 0;
        for (JsonNode each : node) {
            parts.add(part(JsonFields.of(each, pointer + "/" + index++)));
        }
        return parts;
    }

    static Part part(JsonFields fields) {
        String type = fields.textOf("type");
        Part part =
                switch (type) {
                    case "text" -> text(fields);
                    case "image" ->
                            new Part.Image(
                                    source(fields), seal(fields), cache(fields), extras(fields));
                    case "document" ->
                            new Part.Document(
                                    source(fields),
                                    fields.text("title"),
                                    cache(fields),
                                    extras(fields));
                    case "audio" ->
                            new Part.Audio(
                                    source(fields),
                                    fields.text("transcript"),
                                    seal(fields),
                                    cache(fields),
                                    extras(fields));
                    case "video" ->
                            new Part.Video(
                                    source(fields), seal(fields), cache(fields), extras(fields));
                    case "tool_call" -> toolCall(fields);
                    case "tool_result" -> toolResult(fields);
                    case "thinking" ->
                            new Part.Thinking(
                                    orEmpty(fields.text("text")), seal(fields), extras(fields));
                    case "vendor_item" -> vendorItem(fields);
                    default ->
                            throw JsonFields.bad(
                                    fields.at("type"), "'" + Shown.text(type) + "'", TYPES);
                };
        fields.nothingElse();
        return part;
    }

    static Part.Text text(JsonFields fields) {
        List<Citation> citations =
                fields.array("citations").stream().map(e -> citation(e.fields())).toList();
        return new Part.Text(
                fields.textOf("text"), citations, seal(fields), cache(fields), extras(fields));
    }

    private static Citation citation(JsonFields fields) {
        Long start = fields.integer("start", 0, Integer.MAX_VALUE);
        Long end = fields.integer("end", 0, Integer.MAX_VALUE);
        var citation =
                new Citation(
                        start == null ? 0 : start.intValue(),
                        end == null ? 0 : end.intValue(),
                        fields.text("url"),
                        fields.text("title"),
                        fields.text("quote"),
                        fields.text("source"));
        fields.nothingElse();
        return citation;
    }

    private static Part toolCall(JsonFields fields) {
        JsonNode arguments = fields.get("arguments");
        String text = "{}";
        if (arguments != null && arguments.isTextual()) {
            text = arguments.textValue().isBlank() ? "{}" : arguments.textValue();
        } else if (arguments != null) {
            text = Json.text(arguments);
        }
        return new Part.ToolCall(
                fields.textOf("id"),
                fields.textOf("name"),
                text,
                seal(fields),
                cache(fields),
                extras(fields));
    }

    private static Part toolResult(JsonFields fields) {
        return new Part.ToolResult(
                fields.textOf("tool_call_id"),
                content(fields.get("content"), fields.at("content")),
                fields.flag("error", false),
                cache(fields),
                extras(fields));
    }

    private static Part vendorItem(JsonFields fields) {
        JsonNode item = fields.get("item");
        if (item == null) {
            throw JsonFields.bad(fields.at("item"), "missing", "the vendor's item");
        }
        return new Part.VendorItem(fields.textOf("provider"), item, seal(fields), cache(fields));
    }

    private static MediaSource source(JsonFields fields) {
        String data = fields.text("data");
        String url = fields.text("url");
        String fileId = fields.text("file_id");
        int given = (data == null ? 0 : 1) + (url == null ? 0 : 1) + (fileId == null ? 0 : 1);
        if (given != 1) {
            throw JsonFields.bad(
                    fields.pointer(),
                    given == 0 ? "no source" : "more than one source",
                    "one of {data, media_type}, {url} and {provider, file_id}");
        }
        if (data != null) {
            return new MediaSource.Inline(data, fields.textOf("media_type"));
        }
        if (url != null) {
            return new MediaSource.Url(url);
        }
        return new MediaSource.FileRef(fields.textOf("provider"), orEmpty(fileId));
    }

    static @Nullable CacheMark cache(JsonFields fields) {
        String value = fields.text("cache");
        if (value == null) {
            return null;
        }
        return switch (value) {
            case "5m" -> CacheMark.FIVE_MINUTES;
            case "1h" -> CacheMark.ONE_HOUR;
            default ->
                    throw JsonFields.bad(
                            fields.at("cache"), "'" + Shown.text(value) + "'", "5m or 1h");
        };
    }

    private static @Nullable Seal seal(JsonFields fields) {
        String value = fields.text("seal");
        return value == null ? null : Seals.read(value, fields.at("seal"));
    }

    /** The raw fields that the {@code vendor} key holds, by vendor. */
    static Extras extras(JsonFields fields) {
        Map<String, ObjectNode> vendor = vendor(fields);
        return vendor.isEmpty() ? Extras.NONE : new Extras(vendor, true);
    }

    static Map<String, ObjectNode> vendor(JsonFields fields) {
        ObjectNode vendor = fields.object("vendor");
        if (vendor == null) {
            return Map.of();
        }
        Map<String, ObjectNode> byVendor = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : vendor.properties()) {
            if (!(entry.getValue() instanceof ObjectNode raw)) {
                throw JsonFields.bad(
                        fields.at("vendor") + "/" + entry.getKey(),
                        JsonFields.kind(entry.getValue()),
                        "an object");
            }
            byVendor.put(entry.getKey(), raw);
        }
        return byVendor;
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
