package dev.pillion.sidecar.upstream;

/** What came is no HTTP/1.1 answer. The message goes on after the vendor's name: "sent …". */
final class BadReply extends Exception {
    private static final long serialVersionUID = 1L;

    BadReply(String message) {
        super(message, null, false, false);
    }
}
