package dev.pillion.adapters;

import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest;
import java.nio.ByteBuffer;

/** How a vendor is asked for vectors. Stateless. */
public interface Embedder {

    /**
     * Renders the request for one model.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code unsupported} with the field's name
     */
    UpstreamCall encode(EmbedRequest request, EncodeContext context);

    /**
     * Reads a whole 2xx answer. It may hold fewer vectors than there are inputs, or more: who asked
     * must look.
     *
     * @param request what was asked
     * @param values false: the vectors come empty, for an answer that goes through as it is
     * @throws dev.pillion.protocol.fault.FaultException {@code upstream_protocol} for what is no
     *     such answer, or what an error inside it says
     */
    EmbedReply decode(EmbedRequest request, ByteBuffer body, boolean values);
}
