package dev.pillion.adapters.openai;

import dev.pillion.protocol.chat.MediaSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Data URLs (RFC 2397, base64 only) and the format's names of sound formats. */
public final class Media {
    private static final String BASE64 = ";base64";

    private Media() {}

    /** The bytes in the URL; null when it is not a base64 data URL. */
    public static MediaSource.@Nullable Inline dataUrl(String url) {
        if (!url.regionMatches(true, 0, "data:", 0, 5)) {
            return null;
        }
        int comma = url.indexOf(',');
        if (comma < 0 || !url.regionMatches(true, comma - BASE64.length(), BASE64, 0, 7)) {
            return null;
        }
        return new MediaSource.Inline(
                url.substring(comma + 1), url.substring(5, comma - BASE64.length()));
    }

    public static String dataUrl(MediaSource.Inline inline) {
        return "data:" + inline.mediaType() + BASE64 + "," + inline.data();
    }

    /** The media type of a sound format: {@code wav}, {@code mp3} and what answers may have. */
    public static String audioType(String format) {
        return switch (format) {
            case "mp3" -> "audio/mpeg";
            case "pcm16" -> "audio/pcm";
            default -> "audio/" + format.toLowerCase(Locale.ROOT);
        };
    }

    /** The format's name of the media type as input; null when it takes none such. */
    public static @Nullable String audioFormat(String mediaType) {
        return switch (bare(mediaType)) {
            case "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave" -> "wav";
            case "audio/mpeg", "audio/mp3" -> "mp3";
            default -> null;
        };
    }

    /** The media type without parameters, in lower case. */
    public static String bare(String mediaType) {
        int semicolon = mediaType.indexOf(';');
        String bare = semicolon < 0 ? mediaType : mediaType.substring(0, semicolon);
        return bare.strip().toLowerCase(Locale.ROOT);
    }
}
