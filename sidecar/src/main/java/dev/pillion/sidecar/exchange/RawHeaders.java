package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which header fields of a raw call go on, and which of its answer come back. */
final class RawHeaders {
    private static final String OURS = "x-pillion-";

    /** The caller's credentials, its trace of this pod, and what concerns one connection only. */
    private static final Set<String> STAY =
            Set.of(
                    "api-key",
                    "authorization",
                    "connection",
                    "content-length",
                    "cookie",
                    "host",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "traceparent",
                    "tracestate",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "x-api-key",
                    "x-goog-api-key");

    /** Where clients are told to go on: Gemini's uploads have a session of their own address. */
    private static final Set<String> ADDRESSES =
            Set.of("location", "x-goog-upload-control-url", "x-goog-upload-url");

    private RawHeaders() {}

    /**
     * The client's fields that go to the vendor.
     *
     * @throws dev.pillion.protocol.fault.FaultException for a value that can't be sent
     */
    static Headers toVendor(Headers client) {
        Set<String> stay = new HashSet<>(STAY);
        for (String value : client.all("connection")) {
            Arrays.stream(value.split(",", -1))
                    .map(word -> word.strip().toLowerCase(Locale.ROOT))
                    .forEach(stay::add);
        }
        var kept = Headers.builder();
        for (Headers.Field field : client.fields()) {
            if (!stay.contains(field.name()) && !field.name().startsWith(OURS)) {
                kept.add(field.name(), checked(field));
            }
        }
        return kept.build();
    }

    private static String checked(Headers.Field field) {
        if (field.value().chars().anyMatch(c -> (c < ' ' && c != '\t') || c >= 0x7f)) {
            String message = field.name() + ": not ASCII (expected: letters, digits and signs)";
            throw Fault.invalid(message, field.name()).asException();
        }
        return field.value();
    }

    /** The vendor's fields that go to the client; those of the connection are gone already. */
    static void toClient(Headers vendor, @Nullable LedBack back, Headers.Builder kept) {
        for (Headers.Field field : vendor.fields()) {
            String name = field.name();
            if (!name.startsWith(OURS) && !name.equals("alt-svc")) {
                LedBack led = ADDRESSES.contains(name) ? back : null;
                kept.add(name, led == null ? field.value() : led.address(field.value()));
            }
        }
    }

    /** How long the body is, in bytes; -1 where the vendor does not say. */
    static long length(Headers vendor) {
        String length = vendor.get("content-length");
        return length == null ? -1 : Long.parseLong(length);
    }
}
