package dev.pillion.adapters;

import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.wire.ByteSink;

/** A surface whose clients want vectors. Its answers are whole, and may be large. Stateless. */
public non-sealed interface EmbedDialect extends AnyDialect {

    /**
     * The whole request.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code invalid_request} with a JSON pointer
     */
    EmbedRequest decode(Surface client);

    /**
     * Writes the answer.
     *
     * @param reply with one vector for each input, and usage, be it estimated
     * @param request the same as {@link #decode}d from the client
     * @param model the model name to show the client, unless the vendor said another
     */
    void reply(EmbedReply reply, EmbedRequest request, String model, Surface client, ByteSink out);
}
