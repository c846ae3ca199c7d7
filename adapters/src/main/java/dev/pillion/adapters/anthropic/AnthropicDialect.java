package dev.pillion.adapters.anthropic;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;

/** Anthropic Messages, inbound. Source: Anthropic Messages API 2026-10-21 and 2023-06-01. */
public final class AnthropicDialect implements Dialect {
    private static final Passthrough PASSTHROUGH = new AnthropicPassthrough();

    @Override
    public String surface() {
        return "messages";
    }

    @Override
    public String vendor() {
        return Api.NAME;
    }

    @Override
    public Outline outline(Surface client) {
        return RequestScan.scan(client);
    }

    @Override
    public ChatRequest decode(Surface client) {
        return RequestDecoder.decode(client);
    }

    @Override
    public ReplyEncoder encoder(ReplyContext context) {
        return new ReplyWriter(context);
    }

    @Override
    public byte[] reply(ChatReply reply, ReplyContext context) {
        return ReplyWriter.whole(reply, context);
    }

    @Override
    public ErrorShape errors() {
        return ErrorBodies.SHAPE;
    }

    @Override
    public Passthrough passthrough() {
        return PASSTHROUGH;
    }
}
