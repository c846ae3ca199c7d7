package dev.pillion.adapters;

import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.TokenCount;
import dev.pillion.protocol.wire.ByteSink;

/** A surface whose clients want a request's tokens counted, and no answer to it. Stateless. */
public non-sealed interface CountDialect extends AnyDialect {

    /**
     * The request whose tokens are to be counted.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code invalid_request} with a JSON pointer
     */
    ChatRequest decode(Surface client);

    /** Writes the answer. */
    void reply(TokenCount count, ByteSink out);
}
