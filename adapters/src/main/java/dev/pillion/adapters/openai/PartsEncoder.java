package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** Renders content parts of user and tool messages. */
final class PartsEncoder {
    private static final Set<String> IMAGES =
            Set.of("image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp");
    private static final String ERROR = "Error: ";
    private static final String SEE_BELOW = "(see the attachment that follows)";

    private final EncodeContext context;
    private final Quirks quirks;
    private final Losses losses;

    PartsEncoder(EncodeContext context, Quirks quirks, Losses losses) {
        this.context = context;
        this.quirks = quirks;
        this.losses = losses;
    }

    /** A string where the parts are one plain text; an array otherwise. */
    JsonNode content(ArrayNode parts, boolean emptyAsText) {
        if (parts.isEmpty() && emptyAsText) {
            return TextNode.valueOf("");
        }
        boolean plain =
                parts.size() == 1
                        && parts.get(0).size() == 2
                        && parts.get(0).path("type").asText().equals("text");
        return plain ? parts.get(0).get("text") : parts;
    }

    ArrayNode user(List<Part> content, String at) {
        ArrayNode out = Json.nodes().arrayNode();
        for (int i = 0; i < content.size(); i++) {
            String pointer = at + "/content/" + i;
            losses.loseForeign(content.get(i).extras(), Marks.SPEAKS, pointer);
            part(content.get(i), pointer, out);
        }
        return out;
    }

    private void part(Part part, String at, ArrayNode out) {
        switch (part) {
            case Part.Text text -> text(text.text(), text, out);
            case Part.Image image -> image(image, at, out);
            case Part.Document document -> document(document, at, out);
            case Part.Audio audio -> audio(audio, at, out);
            case Part.Video _ -> losses.lose(at, "Chat Completions takes no video");
            case Part.VendorItem item -> losses.lose(at, "an item of " + item.provider() + " only");
            case Part.ToolCall _, Part.ToolResult _, Part.Thinking _ ->
                    losses.lose(at, "a user message can't hold this part");
        }
    }

    static void text(String text, Part part, ArrayNode out) {
        ObjectNode target = out.addObject();
        target.put("type", "text").put("text", text);
        Merge.into(target, part.extras());
    }

    private void image(Part.Image image, String at, ArrayNode out) {
        if (image.source() instanceof MediaSource.Inline inline
                && !IMAGES.contains(Media.bare(inline.mediaType()))) {
            losses.lose(at, "Chat Completions takes png, jpeg, gif and webp pictures only");
            return;
        }
        String url =
                switch (image.source()) {
                    case MediaSource.Inline inline -> Media.dataUrl(inline);
                    case MediaSource.Url address -> address.url();
                    case MediaSource.FileRef _ -> null;
                };
        if (url == null) {
            losses.lose(at, "Chat Completions takes no picture by file id");
            return;
        }
        ObjectNode target = out.addObject();
        target.put("type", "image_url").putObject("image_url").put("url", url);
        Merge.into(target, image.extras());
    }

    private void audio(Part.Audio audio, String at, ArrayNode out) {
        String format =
                audio.source() instanceof MediaSource.Inline inline
                        ? Media.audioFormat(inline.mediaType())
                        : null;
        if (format == null || !(audio.source() instanceof MediaSource.Inline inline)) {
            losses.lose(at, "Chat Completions takes sound inline only, as wav or mp3");
            return;
        }
        ObjectNode target = out.addObject();
        ObjectNode payload = target.put("type", "input_audio").putObject("input_audio");
        payload.put("data", inline.data()).put("format", format);
        Merge.into(target, audio.extras());
    }

    private void document(Part.Document document, String at, ArrayNode out) {
        switch (document.source()) {
            case MediaSource.Url address -> {
                if (cameAsFile(document)) {
                    file(document, out).put("file_data", address.url());
                } else {
                    losses.lose(at, "Chat Completions takes no document by address");
                }
            }
            case MediaSource.FileRef file -> {
                if (file.provider().equals(context.provider())
                        || file.provider().equals(Marks.SPEAKS)) {
                    file(document, out).put("file_id", file.fileId());
                } else {
                    losses.lose(at, "a file stored at " + file.provider());
                }
            }
            case MediaSource.Inline inline -> inline(document, inline, at, out);
        }
    }

    private void inline(
            Part.Document document, MediaSource.Inline inline, String at, ArrayNode out) {
        boolean text = Media.bare(inline.mediaType()).startsWith("text/");
        // Only PDF is sure to be read, so a text document goes as text; one from this surface
        // stays.
        if (!text || cameAsFile(document)) {
            ObjectNode file = file(document, out);
            if (document.title() == null) {
                file.put("filename", "document");
            }
            file.put("file_data", Media.dataUrl(inline));
            return;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(inline.data());
            String title = document.title() == null ? "" : document.title() + "\n\n";
            text(title + new String(bytes, StandardCharsets.UTF_8), document, out);
        } catch (IllegalArgumentException e) {
            losses.lose(at, "data that is not base64");
        }
    }

    /** A client of this surface may name an address where some servers take one. */
    private static boolean cameAsFile(Part.Document document) {
        ObjectNode raw = document.extras().forVendor(Marks.SPEAKS);
        return raw != null && raw.has("file");
    }

    private static ObjectNode file(Part.Document document, ArrayNode out) {
        ObjectNode target = out.addObject();
        ObjectNode file = target.put("type", "file").putObject("file");
        if (document.title() != null) {
            file.put("filename", document.title());
        }
        Merge.into(target, document.extras());
        return file;
    }

    /** The text of a tool's result; what is not text is put to the attachments. */
    JsonNode result(Part.ToolResult result, String at, List<Part> attachments) {
        ArrayNode out = Json.nodes().arrayNode();
        for (int i = 0; i < result.content().size(); i++) {
            Part part = result.content().get(i);
            if (part instanceof Part.Text text) {
                losses.loseForeign(part.extras(), Marks.SPEAKS, at + "/content/" + i);
                text(text.text(), text, out);
            } else if (part instanceof Part.Image image && quirks.toolPictures()) {
                losses.loseForeign(part.extras(), Marks.SPEAKS, at + "/content/" + i);
                image(image, at + "/content/" + i, out);
            } else {
                attachments.add(part);
            }
        }
        if (out.isEmpty() && !attachments.isEmpty()) {
            out.addObject().put("type", "text").put("text", SEE_BELOW);
        }
        if (result.error()) {
            markError(out);
        }
        return content(out, true);
    }

    /** The format has no flag for a failed call: its text says so. */
    private static void markError(ArrayNode out) {
        if (out.isEmpty()) {
            out.addObject().put("type", "text").put("text", "");
        }
        ObjectNode first = (ObjectNode) out.get(0);
        if (first.path("type").asText().equals("text")) {
            first.put("text", ERROR + first.path("text").asText());
        } else {
            out.insertObject(0).put("type", "text").put("text", ERROR);
        }
    }
}
