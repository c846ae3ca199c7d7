package dev.pillion.adapters.openai.embeddings;

import dev.pillion.adapters.Embedder;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest;
import java.nio.ByteBuffer;

/** Embeddings, outbound: OpenAI's own servers and compatible ones. */
public final class OpenAiEmbedder implements Embedder {
    @Override
    public UpstreamCall encode(EmbedRequest request, EncodeContext context) {
        return new RequestEncoder(request, context).call();
    }

    @Override
    public EmbedReply decode(EmbedRequest request, ByteBuffer body, boolean values) {
        return ReplyReader.read(request, body, values);
    }
}
