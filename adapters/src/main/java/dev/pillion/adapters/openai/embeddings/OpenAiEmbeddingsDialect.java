package dev.pillion.adapters.openai.embeddings;

import dev.pillion.adapters.EmbedDialect;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.openai.Errors;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.adapters.openai.ModelSplice;
import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.wire.ByteSink;

/** Embeddings, inbound: {@code POST /v1/embeddings} as OpenAI's SDKs speak it. */
public final class OpenAiEmbeddingsDialect implements EmbedDialect {
    private static final Forwarding PASSTHROUGH = new ModelSplice(RequestEncoder.PATH);

    @Override
    public String surface() {
        return "embeddings";
    }

    @Override
    public String vendor() {
        return Marks.SPEAKS;
    }

    @Override
    public Outline outline(Surface client) {
        return ModelSplice.outline(client.body());
    }

    @Override
    public EmbedRequest decode(Surface client) {
        return RequestDecoder.decode(client);
    }

    @Override
    public void reply(
            EmbedReply reply, EmbedRequest request, String model, Surface client, ByteSink out) {
        ReplyWriter.write(reply, request.encoding(), model, out);
    }

    @Override
    public ErrorShape errors() {
        return Errors.SHAPE;
    }

    @Override
    public Forwarding passthrough() {
        return PASSTHROUGH;
    }
}
