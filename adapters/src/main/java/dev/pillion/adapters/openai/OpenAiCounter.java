package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.TokenCounter;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.openai.responses.ResponsesCodec;
import dev.pillion.adapters.openai.responses.ResponsesQuirks;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.TokenCount;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Token counting, outbound: {@code POST /responses/input_tokens} of what the Responses API would be
 * sent. Source: OpenAI API 2.3.0, 2026-11.
 */
final class OpenAiCounter implements TokenCounter {
    static final String PATH = "/responses/input_tokens";
    static final String OBJECT = "response.input_tokens";
    static final String TOKENS = "input_tokens";

    /** What decides how the model answers and what becomes of it, and is no part of its input. */
    private static final List<String> NOT_COUNTED =
            List.of(
                    "store",
                    "include",
                    "stream",
                    "stream_options",
                    "background",
                    "max_output_tokens",
                    "max_tool_calls",
                    "temperature",
                    "top_p",
                    "top_logprobs",
                    "metadata",
                    "service_tier",
                    "user",
                    "safety_identifier",
                    "prompt_cache_key",
                    "prompt_cache_options",
                    "prompt_cache_retention");

    @Override
    public UpstreamCall encode(ChatRequest request, EncodeContext context) {
        UpstreamCall sent = ResponsesCodec.encode(request, context, ResponsesQuirks.OPENAI);
        ObjectNode body = (ObjectNode) tree(sent.body().getFirst());
        body.remove(NOT_COUNTED);
        return new UpstreamCall(
                "POST",
                PATH,
                sent.headers(),
                List.of(ByteBuffer.wrap(Json.bytes(body))),
                false,
                sent.dropped(),
                sent.effortUsed());
    }

    private static JsonNode tree(ByteBuffer body) {
        try {
            int from = body.arrayOffset() + body.position();
            return Json.read(body.array(), from, body.remaining());
        } catch (MalformedJson e) {
            throw Fault.protocol("the vendor's count is not valid JSON").asException();
        }
    }

    @Override
    public TokenCount decode(ByteBuffer body) {
        JsonNode answer = tree(body);
        if (Faults.isError(answer)) {
            throw Faults.inside(answer).asException();
        }
        JsonNode tokens = answer.path(TOKENS);
        if (!tokens.isIntegralNumber() || tokens.longValue() < 0) {
            throw Fault.protocol("the vendor's count says no input_tokens").asException();
        }
        ObjectNode rest = answer.deepCopy();
        rest.remove(List.of(TOKENS, "object"));
        return new TokenCount(tokens.longValue(), Extras.of(Marks.SPEAKS, rest));
    }
}
