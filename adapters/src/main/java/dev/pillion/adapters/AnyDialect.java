package dev.pillion.adapters;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What every surface has, whatever its clients want done: a name, a first scan, and errors in its
 * own shape. Stateless.
 */
public sealed interface AnyDialect permits Dialect, EmbedDialect, CountDialect, ModelsDialect {

    /** The surface's name in logs, e.g. {@code generate}, {@code chat.completions}. */
    String surface();

    /** The vendor whose API this surface is, for model ids that nobody knows; null: none's. */
    default @Nullable String vendor() {
        return null;
    }

    /**
     * One scan of the body.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code invalid_request} with a JSON pointer
     */
    Outline outline(Surface client);

    /** The status at which this surface's SDKs raise the fitting exception. */
    int status(Fault fault);

    /** The error's body; {@code attempts} and ids are in the context of the fault's report. */
    byte[] error(Fault fault, ErrorContext context);

    /** Header fields that this surface's clients expect on every answer. */
    Headers headers(String requestId);

    /** How to hand a request on as it is to a vendor of the same format; null: never. */
    @Nullable Forwarding passthrough();
}
