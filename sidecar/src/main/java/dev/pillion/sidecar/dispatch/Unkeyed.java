package dev.pillion.sidecar.dispatch;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.Fault.VendorAnswer;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.config.Snapshot;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes our key out of what a vendor's error says: some quote it ({@code Incorrect API key
 * provided: …}), and the error goes on to the caller.
 */
final class Unkeyed {
    private static final String SHOWN = "[key]";

    /** A shorter one is no secret, and may be a word of the message. */
    private static final int MIN_KEY_CHARS = 8;

    private Unkeyed() {}

    /** The fault without the key; itself where it does not hold it. */
    static Fault of(Fault fault, Snapshot.@Nullable Key key) {
        String secret = key == null ? "" : key.secret().reveal();
        if (secret.length() < MIN_KEY_CHARS) {
            return fault;
        }
        Set<String> forms = forms(secret);
        String message = without(fault.message(), forms);
        VendorAnswer vendor = fault.vendor();
        VendorAnswer answer = vendor == null ? null : answer(vendor, forms);
        return new Fault(
                fault.kind(),
                fault.origin(),
                fault.retry(),
                message,
                fault.pointer(),
                fault.retryAfter(),
                answer);
    }

    /** As it is, in an address, and in JSON by those who escape the slash. */
    private static Set<String> forms(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(secret);
        forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        String escaped = secret.replace("\\", "\\\\").replace("\"", "\\\"");
        forms.add(escaped);
        forms.add(escaped.replace("/", "\\/"));
        return forms;
    }

    private static VendorAnswer answer(VendorAnswer vendor, Set<String> forms) {
        String body = new String(vendor.body(), StandardCharsets.ISO_8859_1);
        Headers.Builder fields = Headers.builder();
        for (Headers.Field field : vendor.headers().fields()) {
            fields.add(field.name(), without(field.value(), forms));
        }
        return new VendorAnswer(
                vendor.status(),
                fields.build(),
                without(body, forms).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String without(String text, Set<String> forms) {
        String clean = text;
        for (String form : forms) {
            clean = clean.replace(form, SHOWN);
        }
        return clean;
    }
}
