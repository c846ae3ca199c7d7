package dev.pillion.adapters;

import dev.pillion.protocol.wire.Headers;

/** Forwarding whose answer goes through as it comes, streamed or not. Stateless. */
public interface Passthrough extends Forwarding {

    /** Watches the answer go by; {@code reply} are the answer's headers. */
    ReplyTap tap(Outline outline, Headers reply);
}
