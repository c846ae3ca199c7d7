package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.Embedder;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.RateLimits;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.TokenCounter;
import dev.pillion.adapters.TokenPrior;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.UsageWatch;
import dev.pillion.adapters.openai.embeddings.OpenAiEmbedder;
import dev.pillion.adapters.openai.responses.ResponsesCodec;
import dev.pillion.adapters.openai.responses.ResponsesQuirks;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's own servers, on whichever of its two APIs serves a request, and any server compatible
 * with Chat Completions, below a base address that already carries {@code /v1} (OpenAI API 2.3.0,
 * as of 2026-11-22).
 */
public final class OpenAiProvider implements Provider {
    private static final Set<Capability> CARRIES =
            Set.of(
                    Capability.TOOLS,
                    Capability.PARALLEL_TOOLS,
                    Capability.JSON,
                    Capability.JSON_SCHEMA,
                    Capability.WEBSEARCH,
                    Capability.VISION,
                    Capability.DOCUMENTS,
                    Capability.AUDIO,
                    Capability.THINKING,
                    Capability.STREAM,
                    Capability.PROMPT_CACHE);

    /**
     * Learned from recordings of 2024 to 2026; {@code gpt-4o-mini} counts a picture at up to 48,169
     * (OpenAI's guide to vision, 2026-11), others at up to a quarter of that.
     */
    private static final TokenPrior PRIOR =
            new TokenPrior(3, 5, 0.95, 1.3, 0.8, 10, 0.9, 0.13, 1_100, 256, 4_096, 49_152);

    private static final String PRIORITY = "priority";

    private static final Embedder EMBEDDER = new OpenAiEmbedder();
    private static final TokenCounter COUNTER = new OpenAiCounter();

    @Override
    public String speaks() {
        return Marks.SPEAKS;
    }

    @Override
    public Set<Capability> carries() {
        return CARRIES;
    }

    @Override
    public UpstreamCall encode(ChatRequest request, EncodeContext context) {
        return switch (Endpoint.of(request, context)) {
            case RESPONSES -> ResponsesCodec.encode(request, context, ResponsesQuirks.OPENAI);
            case CHAT -> new RequestEncoder(request, context, Quirks.of(context.provider())).call();
        };
    }

    @Override
    public ReplyDecoder decoder(ChatRequest request, EncodeContext context, Headers reply) {
        return switch (Endpoint.of(request, context)) {
            case RESPONSES -> ResponsesCodec.decoder(request, context, ResponsesQuirks.OPENAI);
            case CHAT -> chatDecoder(request, context);
        };
    }

    static ReplyDecoder chatDecoder(ChatRequest request, EncodeContext context) {
        ObjectNode raw = request.extras().forVendor(Marks.SPEAKS);
        String format = raw == null ? "wav" : raw.path("audio").path("format").asText("wav");
        return new ChatDecoder(
                Media.audioType(format),
                unenforced(request, context),
                Quirks.of(context.provider()),
                ChatCodec.last(request.messages()));
    }

    /** The schema that the vendor was only told, not made, to follow; null without one. */
    private static @Nullable ObjectNode unenforced(ChatRequest request, EncodeContext context) {
        if (!(request.output().format() instanceof Output.Format.Schema wanted)
                || wanted.strict() != null) {
            return null;
        }
        boolean enforced =
                Quirks.of(context.provider()).strictSubset()
                        && StrictSchema.problem(wanted.schema()) == null;
        return enforced ? null : wanted.schema();
    }

    @Override
    public Embedder embedder() {
        return EMBEDDER;
    }

    /** Compatible servers have no such method. */
    @Override
    public @Nullable TokenCounter counter(String provider) {
        return provider.equals(Marks.SPEAKS) ? COUNTER : null;
    }

    @Override
    public TokenPrior tokenPrior(String provider) {
        return provider.equals(Marks.SPEAKS) ? PRIOR : TokenPrior.UNKNOWN;
    }

    /** By {@code max_tool_calls}, which only the Responses API has. */
    @Override
    public boolean heedsCallLimits(String provider, boolean lossy) {
        return provider.equals(Marks.SPEAKS) && !lossy;
    }

    /** OpenAI API 2.3.0: both words are taken, and one is told. */
    @Override
    public String tierNamed(String asked) {
        return asked.equals("fast") ? PRIORITY : asked;
    }

    /** A project may have a tier of its own, which serves what names none. */
    @Override
    public Set<String> tiersUnasked(String provider) {
        return provider.equals(Marks.SPEAKS) ? Set.of(PRIORITY) : Set.of();
    }

    @Override
    public UsageWatch usageWatch(String provider, Headers reply) {
        return new OpenAiUsageWatch(Quirks.of(provider), ResponsesQuirks.OPENAI);
    }

    @Override
    public Fault fault(int status, Headers reply, byte[] body) {
        return Faults.of(status, reply, body);
    }

    @Override
    public Headers credentials(String key) {
        return Headers.of("authorization", "Bearer " + key);
    }

    @Override
    public RateLimits rateLimits(Headers reply) {
        return RateLimitHeaders.read(reply);
    }
}
