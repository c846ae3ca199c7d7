package dev.pillion.protocol.chat;

/** Where the bytes of an image, document, audio or video are. */
public sealed interface MediaSource {

    /** The bytes themselves, base64 (RFC 4648, with padding), of the media type. */
    record Inline(String data, String mediaType) implements MediaSource {}

    /** An address that the vendor fetches. */
    record Url(String url) implements MediaSource {}

    /** A file stored at one vendor; it can be used with that vendor only. */
    record FileRef(String provider, String fileId) implements MediaSource {}
}
