package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Images and documents with their sources. */
final class MediaEncoder {
    private static final Set<String> IMAGE_TYPES =
            Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    private static final String PDF = "application/pdf";
    private static final Set<String> TEXT_TYPES =
            Set.of("application/json", "application/xml", "application/yaml");

    private final EncodeContext context;
    private final Losses losses;

    MediaEncoder(EncodeContext context, Losses losses) {
        this.context = context;
        this.losses = losses;
    }

    @Nullable ObjectNode image(Part.Image image, String pointer) {
        ObjectNode source =
                switch (image.source()) {
                    case MediaSource.Inline inline ->
                            IMAGE_TYPES.contains(inline.mediaType())
                                    ? base64(inline)
                                    : foreignType(inline.mediaType(), pointer);
                    case MediaSource.Url url -> url(url);
                    case MediaSource.FileRef file -> file(file, pointer);
                };
        return block("image", source);
    }

    @Nullable ObjectNode document(Part.Document document, String pointer) {
        ObjectNode source =
                switch (document.source()) {
                    case MediaSource.Inline inline -> inlineDocument(inline, pointer);
                    case MediaSource.Url url -> url(url);
                    case MediaSource.FileRef file -> file(file, pointer);
                };
        ObjectNode block = block("document", source);
        if (block != null && document.title() != null) {
            block.put("title", document.title());
        }
        return block;
    }

    private @Nullable ObjectNode inlineDocument(MediaSource.Inline inline, String pointer) {
        String type = inline.mediaType();
        if (type.equals(PDF)) {
            return base64(inline);
        }
        if (type.startsWith("text/") || TEXT_TYPES.contains(type)) {
            return text(inline, pointer);
        }
        return foreignType(type, pointer);
    }

    private static ObjectNode base64(MediaSource.Inline inline) {
        return Json.object()
                .put("type", "base64")
                .put("media_type", inline.mediaType())
                .put("data", inline.data());
    }

    /** Any text is plain text to Anthropic. */
    private static ObjectNode text(MediaSource.Inline inline, String pointer) {
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(inline.data());
        } catch (IllegalArgumentException e) {
            String at = pointer + "/data";
            throw Fault.invalid(at + ": not base64 (" + e.getMessage() + ")", at).asException();
        }
        return Json.object()
                .put("type", "text")
                .put("media_type", "text/plain")
                .put("data", new String(bytes, StandardCharsets.UTF_8));
    }

    private static ObjectNode url(MediaSource.Url url) {
        return Json.object().put("type", "url").put("url", url.url());
    }

    private @Nullable ObjectNode file(MediaSource.FileRef file, String pointer) {
        if (!file.provider().equals(Api.NAME) && !file.provider().equals(context.provider())) {
            losses.lose(pointer, "a file stored at " + file.provider());
            return null;
        }
        return Json.object().put("type", "file").put("file_id", file.fileId());
    }

    private @Nullable ObjectNode foreignType(String mediaType, String pointer) {
        losses.lose(pointer, "Anthropic does not take " + mediaType + " here");
        return null;
    }

    private static @Nullable ObjectNode block(String type, @Nullable ObjectNode source) {
        if (source == null) {
            return null;
        }
        ObjectNode block = Json.object().put("type", type);
        block.set("source", source);
        return block;
    }
}
