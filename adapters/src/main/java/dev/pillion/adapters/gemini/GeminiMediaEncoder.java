package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.wire.Json;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pictures, documents, sound and video: {@code inlineData} or {@code fileData}, by their source.
 */
final class GeminiMediaEncoder {
    private static final String FILES = "files/";
    private static final String FILES_URI = "https://generativelanguage.googleapis.com/v1beta/";

    /** What an address ends with, where that tells its type. */
    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("png", "image/png"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("jpeg", "image/jpeg"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("gif", "image/gif"),
                    Map.entry("heic", "image/heic"),
                    Map.entry("pdf", "application/pdf"),
                    Map.entry("txt", "text/plain"),
                    Map.entry("csv", "text/csv"),
                    Map.entry("html", "text/html"),
                    Map.entry("mp3", "audio/mpeg"),
                    Map.entry("wav", "audio/wav"),
                    Map.entry("flac", "audio/flac"),
                    Map.entry("mp4", "video/mp4"),
                    Map.entry("mov", "video/quicktime"),
                    Map.entry("webm", "video/webm"));

    private final EncodeContext context;
    private final Losses losses;

    GeminiMediaEncoder(EncodeContext context, Losses losses) {
        this.context = context;
        this.losses = losses;
    }

    /** The part of a medium; null where it was lost. */
    @Nullable ObjectNode part(Part part, String pointer) {
        return switch (part) {
            case Part.Image image -> of(image.source(), pointer);
            case Part.Document document -> of(document.source(), pointer);
            case Part.Audio audio -> of(audio.source(), pointer);
            case Part.Video video -> of(video.source(), pointer);
            case Part.Text _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Thinking _,
                    Part.VendorItem _ ->
                    throw new IllegalArgumentException("no medium");
        };
    }

    private @Nullable ObjectNode of(MediaSource source, String pointer) {
        ObjectNode part = Json.object();
        switch (source) {
            case MediaSource.Inline inline ->
                    part.putObject("inlineData")
                            .put("mimeType", inline.mediaType())
                            .put("data", inline.data());
            case MediaSource.Url url -> {
                ObjectNode file = part.putObject("fileData").put("fileUri", url.url());
                String type = typeOf(url.url());
                if (type != null) {
                    file.put("mimeType", type);
                }
            }
            case MediaSource.FileRef file -> {
                if (!isHere(file.provider())) {
                    losses.lose(pointer, "a file stored at " + file.provider());
                    return null;
                }
                String id = file.fileId();
                part.putObject("fileData")
                        .put("fileUri", id.startsWith(FILES) ? FILES_URI + id : id);
            }
        }
        return part;
    }

    private boolean isHere(String provider) {
        return provider.equals(GeminiApi.NAME) || provider.equals(context.provider());
    }

    private static @Nullable String typeOf(String url) {
        int end = url.length();
        for (char c : new char[] {'?', '#'}) {
            int at = url.indexOf(c);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        String path = url.substring(0, end);
        int dot = path.lastIndexOf('.');
        return dot < 0 ? null : TYPES.get(path.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
