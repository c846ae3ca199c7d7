package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers for paths and methods that nothing serves. */
final class NotServed {
    private NotServed() {}

    static void answer(Inbound in, Responder out, @Nullable AnyDialect dialect) {
        boolean wrongMethod = dialect != null;
        String allowed = dialect == null ? "POST" : Surfaces.method(dialect);
        String message =
                wrongMethod
                        ? "method "
                                + in.method()
                                + " is not served here (expected: "
                                + allowed
                                + ")"
                        : "nothing is served at this path (expected: /v1/generate,"
                                + " /v1/chat/completions, /v1/responses, /v1/messages,"
                                + " /v1/messages/count_tokens, /v1/embeddings, /v1/models or"
                                + " /v1beta/models/MODEL:generateContent)";
        Fault fault = Fault.caller(FaultKind.NOT_FOUND, message, null);
        AnyDialect shape = dialect == null ? Surfaces.forErrors(in.path()) : dialect;
        Headers headers =
                Headers.of("content-type", "application/json", "x-pillion-request-id", in.id());
        out.reply(
                wrongMethod ? 405 : 404,
                wrongMethod ? headers.plus(Headers.of("allow", allowed)) : headers,
                shape.errors().body(fault, new ErrorContext(in.id(), null, List.of())));
    }
}
