package dev.pillion.adapters.openai.responses;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.openai.Errors;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;

/**
 * The Responses API, inbound: {@code POST /v1/responses} as OpenAI's SDKs speak it. Source: OpenAI
 * API 2.3.0, as of 2026-11-22.
 */
public final class ResponsesDialect implements Dialect {
    private static final Passthrough PASSTHROUGH = new ResponsesPassthrough();

    @Override
    public String surface() {
        return "responses";
    }

    @Override
    public String vendor() {
        return Marks.SPEAKS;
    }

    @Override
    public Outline outline(Surface client) {
        return ResponsesScan.scan(client);
    }

    @Override
    public ChatRequest decode(Surface client) {
        return ResponsesRequestDecoder.decode(client);
    }

    @Override
    public ReplyEncoder encoder(ReplyContext context) {
        return new ResponsesEventEncoder(context);
    }

    @Override
    public byte[] reply(ChatReply reply, ReplyContext context) {
        return ResponsesReplyWriter.write(reply, context);
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
