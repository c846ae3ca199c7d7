package dev.pillion.adapters;

import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import org.jspecify.annotations.Nullable;

/**
 * One wire format, inbound: what a surface's clients say, and what they expect back. The surface is
 * one that answers; {@link EmbedDialect} and {@link CountDialect} do else. Stateless.
 */
public non-sealed interface Dialect extends AnyDialect {

    /**
     * The whole request.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code invalid_request} with a JSON pointer
     */
    ChatRequest decode(Surface client);

    /** The media type of the streamed answer to that client. */
    default String streamType(Surface client) {
        return "text/event-stream; charset=utf-8";
    }

    /** Writes a streamed answer. */
    ReplyEncoder encoder(ReplyContext context);

    /** The whole answer, unstreamed. */
    byte[] reply(ChatReply reply, ReplyContext context);

    @Override
    @Nullable Passthrough passthrough();
}
