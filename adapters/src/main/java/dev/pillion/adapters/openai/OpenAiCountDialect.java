package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.CountDialect;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.ErrorShape;
import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.openai.responses.ResponsesDialect;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.TokenCount;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;

/**
 * Token counting, inbound: {@code POST /v1/responses/input_tokens}, whose request is one of the
 * Responses API. Source: OpenAI API 2.3.0, 2026-11.
 */
public final class OpenAiCountDialect implements CountDialect {
    private static final Dialect RESPONSES = new ResponsesDialect();
    private static final Forwarding FORWARDING = new OpenAiCountForwarding();

    @Override
    public String surface() {
        return "input_tokens";
    }

    @Override
    public String vendor() {
        return Marks.SPEAKS;
    }

    @Override
    public Outline outline(Surface client) {
        return RESPONSES.outline(client);
    }

    @Override
    public ChatRequest decode(Surface client) {
        return RESPONSES.decode(client);
    }

    @Override
    public void reply(TokenCount count, ByteSink out) {
        ObjectNode reply = Json.object().put("object", OpenAiCounter.OBJECT);
        reply.put(OpenAiCounter.TOKENS, count.inputTokens());
        ObjectNode own = count.extras().forVendor(Marks.SPEAKS);
        if (own != null) {
            reply.setAll(own);
        }
        out.write(Json.bytes(reply));
    }

    @Override
    public ErrorShape errors() {
        return Errors.SHAPE;
    }

    @Override
    public Forwarding passthrough() {
        return FORWARDING;
    }
}
