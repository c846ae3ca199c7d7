package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiErrors.invalid;

import dev.pillion.sidecar.simulate.kit.VendorError;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The URLs by which images and files are sent. */
final class MediaUrls {
    private static final Pattern URL = Pattern.compile("(?is)https?://.+|data:[^,]+;base64,.+");
    private static final Pattern IMAGE_DATA =
            Pattern.compile("(?is)data:image/(?:png|jpe?g|gif|webp)[;,].*");
    private static final Pattern FILE_DATA =
            Pattern.compile(
                    "(?is)data:(?:application/(?:pdf|json|msword|xml|vnd\\..+)|text/[^;]+);base64,.*");
    private static final Pattern NO_DOCUMENT =
            Pattern.compile("(?i).*\\.(?:mp3|wav|ogg|flac|m4a|mp4|mov|webm)(?:\\?.*)?");

    private MediaUrls() {}

    static @Nullable VendorError image(String url, String at) {
        if (!URL.matcher(url).matches()) {
            return invalid(
                    "Invalid '"
                            + at
                            + "'. Expected a valid URL, but got a value with an"
                            + " invalid format.",
                    at,
                    "invalid_value");
        }
        return url.startsWith("data:") && !IMAGE_DATA.matcher(url).matches()
                ? invalid(
                        "You uploaded an unsupported image. Please make sure your image has of one"
                                + " the following formats: ['png', 'jpeg', 'gif', 'webp'].",
                        null,
                        "invalid_image_format")
                : null;
    }

    /** A document's bytes on Responses, as a data URL. */
    static @Nullable VendorError fileData(String data, String at) {
        if (FILE_DATA.matcher(data).matches()) {
            return null;
        }
        int semicolon = data.indexOf(';');
        var type = data.startsWith("data:") && semicolon > 0 ? data.substring(5, semicolon) : "";
        var got = type.isEmpty() ? "a value without one." : "unsupported MIME type '" + type + "'.";
        return invalid(
                "Invalid file data: '"
                        + at
                        + "'. Expected a base64-encoded data URL with a valid file MIME type (e.g."
                        + " 'data:text/plain;base64,SGVsbG8sIFdvcmxkIQ=='), but got "
                        + got,
                at,
                "invalid_value");
    }

    /** A document that the vendor fetches. */
    static @Nullable VendorError fileUrl(String url, String at) {
        if (!url.matches("(?i)https?://.+")) {
            return invalid("Invalid '" + at + "'. Expected a valid URL.", at, "invalid_value");
        }
        return NO_DOCUMENT.matcher(url).matches()
                ? invalid(
                        "The file type you uploaded is not supported. Please try again with a pdf",
                        "input",
                        "unsupported_file")
                : null;
    }
}
