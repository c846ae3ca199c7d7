package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.RateLimits;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.TokenPrior;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.UsageWatch;
import dev.pillion.adapters.openai.ChatCodec;
import dev.pillion.adapters.openai.Quirks;
import dev.pillion.adapters.openai.responses.ResponsesCodec;
import dev.pillion.adapters.openai.responses.ResponsesQuirks;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * xAI, outbound, below a base address that already carries {@code /v1} (docs.x.ai, as of
 * 2026-11-22).
 */
public final class XaiProvider implements Provider {
    private static final Set<Capability> CARRIES =
            Set.of(
                    Capability.TOOLS,
                    Capability.PARALLEL_TOOLS,
                    Capability.JSON,
                    Capability.JSON_SCHEMA,
                    Capability.WEBSEARCH,
                    Capability.VISION,
                    Capability.DOCUMENTS,
                    Capability.THINKING,
                    Capability.STREAM,
                    Capability.PROMPT_CACHE);

    /**
     * Learned from recordings of 2025 and 2026: models put a prompt of up to 300 tokens before what
     * they are sent. A picture is at most 1,792 tokens (docs.x.ai, 2025; UNVERIFIED since).
     */
    private static final TokenPrior PRIOR =
            new TokenPrior(60, 180, 0.9, 1.5, 0.9, 30, 0.9, 0.1, 300, 1_024, 4_096, 8_192);

    private static final ChatCodec CHAT = new ChatCodec(Quirks.XAI);

    @Override
    public String speaks() {
        return Names.SPEAKS;
    }

    @Override
    public Set<Capability> carries() {
        return CARRIES;
    }

    @Override
    public UpstreamCall encode(ChatRequest request, EncodeContext context) {
        ChatRequest gathered = ServerTools.gathered(request, context.provider());
        return encode(gathered, context, Endpoint.of(gathered, context));
    }

    UpstreamCall encode(ChatRequest request, EncodeContext context, Endpoint endpoint) {
        var losses = new Losses(context.lossy());
        ChatRequest fitted = new Fitting(request, context, endpoint, losses).fitted();
        boolean chat = endpoint == Endpoint.CHAT;
        UpstreamCall call =
                chat
                        ? CHAT.encode(fitted, context)
                        : ResponsesCodec.encode(fitted, context, ResponsesQuirks.XAI);
        List<String> dropped = new ArrayList<>(losses.dropped());
        dropped.addAll(call.dropped());
        return new UpstreamCall(
                call.method(),
                call.path(),
                chat ? call.headers().plus(conversation(request)) : call.headers(),
                call.body(),
                call.stream(),
                List.copyOf(dropped),
                call.effortUsed());
    }

    /** Chat Completions keeps a conversation's prefix on one server by a header with a UUID. */
    private static Headers conversation(ChatRequest request) {
        JsonNode key = RawFields.hint(request, "prompt_cache_key");
        String name = key == null ? null : key.textValue();
        if (name == null && !request.cacheOff()) {
            name = ResponsesCodec.conversation(request);
        }
        if (name == null) {
            return Headers.NONE;
        }
        UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return Headers.of("x-grok-conv-id", id.toString());
    }

    @Override
    public ReplyDecoder decoder(ChatRequest request, EncodeContext context, Headers reply) {
        ChatRequest gathered = ServerTools.gathered(request, context.provider());
        return decoder(gathered, context, Endpoint.of(gathered, context));
    }

    ReplyDecoder decoder(ChatRequest request, EncodeContext context, Endpoint endpoint) {
        ReplyDecoder decoder =
                endpoint == Endpoint.CHAT
                        ? CHAT.decoder(request, heldTo(request))
                        : ResponsesCodec.decoder(request, context, ResponsesQuirks.XAI);
        var names = new ToolNames(request);
        return names.nothingToDo() ? decoder : new CallerNames(decoder, names);
    }

    /** xAI enforces any schema, but for keywords that it may ignore. */
    private static @Nullable ObjectNode heldTo(ChatRequest request) {
        return request.output().format() instanceof Output.Format.Schema wanted
                        && !Boolean.FALSE.equals(wanted.strict())
                ? wanted.schema()
                : null;
    }

    @Override
    public TokenPrior tokenPrior(String provider) {
        return PRIOR;
    }

    @Override
    public UsageWatch usageWatch(String provider, Headers reply) {
        return CHAT.usageWatch(ResponsesQuirks.XAI);
    }

    @Override
    public Fault fault(int status, Headers reply, byte[] body) {
        return ChatCodec.fault(status, reply, body);
    }

    @Override
    public Headers credentials(String key) {
        return Headers.of("authorization", "Bearer " + key);
    }

    @Override
    public RateLimits rateLimits(Headers reply) {
        return ChatCodec.rateLimits(reply);
    }
}
