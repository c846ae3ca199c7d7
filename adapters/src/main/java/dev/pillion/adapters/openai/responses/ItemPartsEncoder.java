package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.openai.Media;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Renders content parts of user messages and of tool results. */
final class ItemPartsEncoder {
    private static final String ERROR = "Error: ";
    private static final String PDF = "application/pdf";

    private final EncodeContext context;
    private final ResponsesQuirks quirks;
    private final Losses losses;

    ItemPartsEncoder(EncodeContext context, ResponsesQuirks quirks, Losses losses) {
        this.context = context;
        this.quirks = quirks;
        this.losses = losses;
    }

    /** A string where the parts are one plain text or none; an array otherwise. */
    static JsonNode plain(ArrayNode parts) {
        if (parts.isEmpty()) {
            return TextNode.valueOf("");
        }
        boolean plain =
                parts.size() == 1
                        && parts.get(0).size() == 2
                        && parts.get(0).path("type").asText().equals("input_text");
        return plain ? parts.get(0).get("text") : parts;
    }

    void add(Part part, String at, ArrayNode out) {
        losses.loseForeign(part.extras(), quirks.provider(), at);
        switch (part) {
            case Part.Text text -> text(text.text(), text, at, out);
            case Part.Image image -> image(image, at, out);
            case Part.Document document -> document(document, at, out);
            case Part.Audio _ -> losses.lose(at, "the Responses API takes no sound");
            case Part.Video _ -> losses.lose(at, "the Responses API takes no video");
            case Part.VendorItem item ->
                    losses.lose(at, "an item of " + item.provider() + " can't stand here");
            case Part.ToolCall _, Part.ToolResult _, Part.Thinking _ ->
                    losses.lose(at, "a user message can't hold this part");
        }
    }

    private void text(String text, Part part, String at, ArrayNode out) {
        ObjectNode target = out.addObject().put("type", "input_text").put("text", text);
        RawParts.addTo(target, part.extras(), quirks.provider(), losses, at);
    }

    private void image(Part.Image image, String at, ArrayNode out) {
        ObjectNode target = Json.object().put("type", "input_image");
        switch (image.source()) {
            case MediaSource.Inline inline -> {
                if (!quirks.imageTypes().contains(Media.bare(inline.mediaType()))) {
                    losses.lose(
                            at,
                            "a picture of type "
                                    + Media.bare(inline.mediaType())
                                    + " can't be sent here");
                    return;
                }
                target.put("image_url", Media.dataUrl(inline));
            }
            case MediaSource.Url address -> target.put("image_url", address.url());
            case MediaSource.FileRef file -> {
                if (isElsewhere(file)) {
                    losses.lose(at, "a file stored at " + file.provider());
                    return;
                }
                target.put("file_id", file.fileId());
            }
        }
        ObjectNode raw = RawParts.copy(image.extras(), quirks.provider());
        if (raw.path("image_url") instanceof ObjectNode chat) {
            // Chat Completions has the detail a level deeper.
            raw.remove("image_url");
            raw.setAll(chat);
        }
        RawParts.addTo(target, raw, image.extras(), losses, at);
        out.add(target);
    }

    private boolean isElsewhere(MediaSource.FileRef file) {
        return !file.provider().equals(quirks.provider())
                && !file.provider().equals(context.provider());
    }

    private void document(Part.Document document, String at, ArrayNode out) {
        ObjectNode target = Json.object().put("type", "input_file");
        if (document.title() != null) {
            target.put("filename", document.title());
        }
        switch (document.source()) {
            case MediaSource.Url address -> target.put("file_url", address.url());
            case MediaSource.FileRef file -> {
                if (isElsewhere(file)) {
                    losses.lose(at, "a file stored at " + file.provider());
                    return;
                }
                target.put("file_id", file.fileId());
            }
            case MediaSource.Inline inline -> {
                if (isText(document, inline)) {
                    spelled(document, inline, at, out);
                    return;
                }
                if (!quirks.inlineFiles()) {
                    losses.lose(at, "a document inline (expected: text, an address or a file id)");
                    return;
                }
                inline(document, inline, target);
            }
        }
        ObjectNode raw = RawParts.copy(document.extras(), quirks.provider());
        if (raw.path("file") instanceof ObjectNode chat) {
            raw.remove("file");
            raw.setAll(chat);
        }
        RawParts.addTo(target, raw, document.extras(), losses, at);
        out.add(target);
    }

    /** Only PDF is sure to be read, so a text goes as text; one that came as a file stays one. */
    private boolean isText(Part.Document document, MediaSource.Inline inline) {
        boolean cameAsFile =
                quirks.inlineFiles() && document.extras().forVendor(quirks.provider()) != null;
        return Media.bare(inline.mediaType()).startsWith("text/") && !cameAsFile;
    }

    private static void inline(
            Part.Document document, MediaSource.Inline inline, ObjectNode target) {
        if (document.title() == null) {
            boolean pdf = Media.bare(inline.mediaType()).equals(PDF);
            target.put("filename", pdf ? "document.pdf" : "document");
        }
        target.put("file_data", Media.dataUrl(inline));
    }

    private void spelled(
            Part.Document document, MediaSource.Inline inline, String at, ArrayNode out) {
        try {
            byte[] bytes = Base64.getDecoder().decode(inline.data());
            String title = document.title() == null ? "" : document.title() + "\n\n";
            text(title + new String(bytes, StandardCharsets.UTF_8), document, at, out);
        } catch (IllegalArgumentException e) {
            losses.lose(at, "data that is not base64");
        }
    }

    /** What a tool gave back. */
    JsonNode output(Part.ToolResult result, String at) {
        ArrayNode out = Json.nodes().arrayNode();
        for (int i = 0; i < result.content().size(); i++) {
            add(result.content().get(i), at + "/content/" + i, out);
        }
        if (result.error()) {
            markError(out);
        }
        return plain(out);
    }

    /** The format has no flag for a failed call: its text says so. */
    private static void markError(ArrayNode out) {
        if (out.path(0).path("type").asText().equals("input_text")) {
            ObjectNode first = (ObjectNode) out.get(0);
            first.put("text", ERROR + first.path("text").asText());
        } else {
            out.insertObject(0).put("type", "input_text").put("text", ERROR);
        }
    }
}
