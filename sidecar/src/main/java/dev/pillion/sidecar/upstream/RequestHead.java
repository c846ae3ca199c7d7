package dev.pillion.sidecar.upstream;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the head of a request; what concerns the connection and the framing is ours alone. */
final class RequestHead {
    private static final Set<String> OURS =
            Set.of(
                    "accept-encoding",
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "keep-alive",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private RequestHead() {}

    /** Why the request can't be sent, null when it can. */
    static @Nullable Fault problem(Target target, VendorRequest request) {
        if (!isGraphic(request.method()) || request.method().isEmpty()) {
            return Fault.internal("the method towards " + target.provider() + " is no HTTP method");
        }
        if (!isGraphic(request.path())) {
            return Fault.invalid("the path holds a character that must be percent-encoded", null);
        }
        for (Headers.Field field : request.headers().fields()) {
            if (!isText(field.value()) || !isGraphic(field.name()) || field.name().isEmpty()) {
                return Fault.internal(
                        "the header "
                                + field.name().replaceAll("[^\\x21-\\x7e]", "?")
                                + " towards "
                                + target.provider()
                                + " holds a character that HTTP does not allow (expected: ASCII in"
                                + " one line)");
            }
        }
        return null;
    }

    static void write(ByteSink out, Target target, VendorRequest request, long bodyBytes) {
        out.write(request.method());
        out.write(' ');
        out.write(target.beforePath());
        out.write(request.path().isEmpty() ? "/" : request.path());
        out.write(target.afterPath());
        for (Headers.Field field : request.headers().fields()) {
            if (!OURS.contains(field.name())) {
                out.write(field.name());
                out.write(": ");
                out.write(field.value());
                out.write("\r\n");
            }
        }
        if (bodyBytes > 0 || !bodyless(request.method())) {
            out.write("content-length: ");
            out.write(Long.toString(bodyBytes));
            out.write("\r\n");
        }
        out.write("\r\n");
    }

    /** Such a request without a body states no length either (RFC 9110, 8.6). */
    private static boolean bodyless(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private static boolean isGraphic(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
