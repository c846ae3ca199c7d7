package dev.pillion.adapters;

import org.jspecify.annotations.Nullable;

/**
 * What every surface has, whatever its clients want done: a name, a first scan, and errors in its
 * own shape. Stateless.
 */
public sealed interface AnyDialect
        permits Dialect, EmbedDialect, CountDialect, ModelsDialect, RawDialect {

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

    /** How errors are told on this surface, and what stands on all its answers. */
    ErrorShape errors();

    /** How to hand a request on as it is to a vendor of the same format; null: never. */
    @Nullable Forwarding passthrough();
}
