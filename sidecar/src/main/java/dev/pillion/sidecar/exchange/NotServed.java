package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.RawDialect;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.sidecar.config.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers for paths and methods that nothing serves; they are logged as every request is. */
final class NotServed {
    /** What the log calls a path that is no surface's. */
    static final String SURFACE = "none";

    private NotServed() {}

    /** {@code dialect}: whose path it is, where only the method is wrong; null: nobody's. */
    static void answer(
            Inbound in,
            Responder out,
            @Nullable AnyDialect dialect,
            Snapshot snapshot,
            Exchange.Services services) {
        AnyDialect told = dialect == null ? nobodys(in, snapshot) : dialect;
        var client = new Surface(in.path(), in.query(), in.headers(), in.body());
        var writer = new ReplyWriter(in, out, told, client, snapshot, services);
        try {
            writer.asked(Wishes.of(in.headers()));
        } catch (FaultException e) {
            writer.refuse(e.fault());
            return;
        }
        if (dialect == null) {
            writer.refuse(Fault.caller(FaultKind.NOT_FOUND, expected(in, snapshot), null));
            return;
        }
        List<String> allowed = Surfaces.methods(dialect);
        String message =
                "method "
                        + in.method()
                        + " is not served here (expected: "
                        + String.join(", ", allowed)
                        + ")";
        writer.refuseMethod(Fault.caller(FaultKind.NOT_FOUND, message, null), allowed);
    }

    private static AnyDialect nobodys(Inbound in, Snapshot snapshot) {
        return new RawDialect(SURFACE, Surfaces.forErrors(in.path(), snapshot).errors());
    }

    private static String expected(Inbound in, Snapshot snapshot) {
        return "nothing is served at this path (expected: /v1/generate, /v1/chat/completions,"
                + " /v1/responses, /v1/messages, /v1/messages/count_tokens, /v1/embeddings,"
                + " /v1/models, /v1beta/models/MODEL:generateContent, or /PROVIDER/… with a"
                + " configured provider for any other path of its API"
                + nearest(in.path(), snapshot)
                + ")";
    }

    /** Whose names are nearest, for a path that may be meant for a vendor's own API. */
    private static String nearest(String path, Snapshot snapshot) {
        String name = RawPath.firstSegment(path);
        return name == null || name.matches("upload|v1(alpha|beta1?)?")
                ? ""
                : ", nearest: " + String.join(", ", snapshot.nearestProviders(name));
    }
}
