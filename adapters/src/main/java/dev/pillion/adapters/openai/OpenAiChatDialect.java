package dev.pillion.adapters.openai;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;

/** Chat Completions, inbound: {@code POST /v1/chat/completions} as OpenAI's SDKs speak it. */
public final class OpenAiChatDialect implements Dialect {
    private static final Passthrough PASSTHROUGH = new OpenAiPassthrough();

    @Override
    public String surface() {
        return "chat.completions";
    }

    @Override
    public String vendor() {
        return Marks.SPEAKS;
    }

    @Override
    public Outline outline(Surface client) {
        return OutlineScan.scan(client.body());
    }

    @Override
    public ChatRequest decode(Surface client) {
        return RequestDecoder.decode(client);
    }

    @Override
    public ReplyEncoder encoder(ReplyContext context) {
        return new ChunkEncoder(context);
    }

    @Override
    public byte[] reply(ChatReply reply, ReplyContext context) {
        return ReplyWriter.write(reply, context);
    }

    @Override
    public ErrorShape errors() {
        return Errors.SHAPE;
    }

    @Override
    public Passthrough passthrough() {
        return PASSTHROUGH;
    }
}
