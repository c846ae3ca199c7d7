package dev.pillion.adapters.anthropic;

import dev.pillion.adapters.Capability;
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
import java.util.Set;

/** Anthropic Messages, outbound. Source: Anthropic Messages API 2026-10-21 and 2023-06-01. */
public final class AnthropicProvider implements Provider {
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

    /** Tokens of workload identities go in the standard header; keys of the console in either. */
    private static final String OAUTH_PREFIX = "sk-ant-oat";

    /**
     * Learned from recordings of 2024 to 2026. Having tools brings a prompt of up to some 700
     * tokens, each of the vendor's own tools one of up to some 2,500, and a picture is at most some
     * 4,800 (Anthropic's pages on tools and vision, 2026-11); each doubled here.
     */
    private static final TokenPrior PRIOR =
            new TokenPrior(5, 400, 1.05, 1.5, 1.3, 150, 1.3, 0, 800, 1_536, 5_120, 10_240);

    private static final TokenCounter COUNTER = new AnthropicCounter();

    @Override
    public String speaks() {
        return Api.NAME;
    }

    @Override
    public Set<Capability> carries() {
        return CARRIES;
    }

    @Override
    public UpstreamCall encode(ChatRequest request, EncodeContext context) {
        return new RequestEncoder(request, context).encode();
    }

    @Override
    public ReplyDecoder decoder(ChatRequest request, EncodeContext context, Headers reply) {
        return new AnthropicDecoder(AnswerCheck.of(request, context), context, reply);
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
    public boolean heedsCallLimits(String provider, boolean lossy) {
        return true;
    }

    @Override
    public UsageWatch usageWatch(String provider, Headers reply) {
        return new AnthropicUsageWatch();
    }

    /** A batch says where its results are (Anthropic API 2023-06-01, SDKs of 2026-11). */
    @Override
    public boolean tellsAddresses(String path) {
        return path.startsWith(Api.MESSAGES_PATH + "/batches") && !path.contains("/results");
    }

    @Override
    public Fault fault(int status, Headers reply, byte[] body) {
        return Faults.of(status, reply, body);
    }

    @Override
    public Headers credentials(String key) {
        return key.startsWith(OAUTH_PREFIX)
                ? Headers.of("authorization", "Bearer " + key)
                : Headers.of("x-api-key", key);
    }

    @Override
    public RateLimits rateLimits(Headers reply) {
        return Limits.of(reply);
    }
}
