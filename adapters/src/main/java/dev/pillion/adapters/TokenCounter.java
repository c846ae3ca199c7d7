package dev.pillion.adapters;

import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.TokenCount;
import java.nio.ByteBuffer;

/**
 * How a vendor is asked to count a request's tokens. What is counted is what {@link
 * Provider#encode} would send. Stateless.
 */
public interface TokenCounter {

    /**
     * Renders the question for one model.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code unsupported} with the field's name
     */
    UpstreamCall encode(ChatRequest request, EncodeContext context);

    /**
     * Reads a whole 2xx answer.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code upstream_protocol} for what is no
     *     such answer, or what an error inside it says
     */
    TokenCount decode(ByteBuffer body);
}
