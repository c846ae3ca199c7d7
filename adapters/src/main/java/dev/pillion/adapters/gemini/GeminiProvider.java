package dev.pillion.adapters.gemini;

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
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.util.EnumSet;
import java.util.Set;

/** Gemini, outbound. Source: Gemini API v1beta, 2026-11. */
public final class GeminiProvider implements Provider {
    private static final Set<Capability> CARRIES =
            Set.copyOf(EnumSet.complementOf(EnumSet.of(Capability.EMBEDDINGS)));

    /** Access tokens of OAuth go in the standard header; keys have one of their own. */
    private static final String OAUTH_PREFIX = "ya29.";

    /**
     * Learned from recordings of 2025 and 2026. A picture is 258 tokens a tile of 768 by 768
     * pixels, at most some 2,300 at the highest resolution (Gemini API v1beta, 2026-11); more here.
     */
    private static final TokenPrior PRIOR =
            new TokenPrior(1, 15, 0.95, 0.1, 0.6, 0, 0, 0.2, 600, 256, 2_048, 16_384);

    private static final Embedder EMBEDDER = new GeminiEmbedder();
    private static final TokenCounter COUNTER = new GeminiCounter();

    @Override
    public String speaks() {
        return GeminiApi.NAME;
    }

    @Override
    public Set<Capability> carries() {
        return CARRIES;
    }

    @Override
    public UpstreamCall encode(ChatRequest request, EncodeContext context) {
        return new GeminiRequestEncoder(request, context).encode();
    }

    @Override
    public ReplyDecoder decoder(ChatRequest request, EncodeContext context, Headers reply) {
        return new GeminiDecoder(GeminiAnswerCheck.of(request, context), context, reply);
    }

    @Override
    public Embedder embedder() {
        return EMBEDDER;
    }

    @Override
    public TokenCounter counter(String provider) {
        return COUNTER;
    }

    @Override
    public TokenPrior tokenPrior(String provider) {
        return PRIOR;
    }

    @Override
    public UsageWatch usageWatch(String provider, Headers reply) {
        return new GeminiUsageWatch(reply);
    }

    @Override
    public Fault fault(int status, Headers reply, byte[] body) {
        return GeminiFaults.of(status, reply, body);
    }

    @Override
    public Headers credentials(String key) {
        return key.startsWith(OAUTH_PREFIX)
                ? Headers.of("authorization", "Bearer " + key)
                : Headers.of("x-goog-api-key", key);
    }

    /** The vendor has no such headers; its errors tell. */
    @Override
    public RateLimits rateLimits(Headers reply) {
        return RateLimits.UNKNOWN;
    }
}
