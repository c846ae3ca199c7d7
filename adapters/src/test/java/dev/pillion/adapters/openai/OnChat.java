package dev.pillion.adapters.openai;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.RateLimits;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.UsageWatch;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.util.EnumSet;
import java.util.Set;

/** OpenAI, where every model is one that only Chat Completions serves. */
final class OnChat implements Provider {
    private final OpenAiProvider openAi = new OpenAiProvider();

    private static EncodeContext context(EncodeContext context) {
        ModelTraits model = context.model();
        Set<Refusal> refuses = EnumSet.of(Refusal.RESPONSES);
        refuses.addAll(model.refuses());
        var traits =
                new ModelTraits(
                        model.id(),
                        model.can(),
                        refuses,
                        model.contextTokens(),
                        model.maxOutputTokens(),
                        model.efforts(),
                        model.thinking());
        return new EncodeContext(traits, context.provider(), context.account(), context.lossy());
    }

    @Override
    public String speaks() {
        return openAi.speaks();
    }

    @Override
    public Set<Capability> carries() {
        return openAi.carries();
    }

    @Override
    public UpstreamCall encode(ChatRequest request, EncodeContext context) {
        return openAi.encode(request, context(context));
    }

    @Override
    public ReplyDecoder decoder(ChatRequest request, EncodeContext context, Headers reply) {
        return openAi.decoder(request, context(context), reply);
    }

    @Override
    public UsageWatch usageWatch(String provider, Headers reply) {
        return openAi.usageWatch(provider, reply);
    }

    @Override
    public Fault fault(int status, Headers reply, byte[] body) {
        return openAi.fault(status, reply, body);
    }

    @Override
    public Headers credentials(String key) {
        return openAi.credentials(key);
    }

    @Override
    public RateLimits rateLimits(Headers reply) {
        return openAi.rateLimits(reply);
    }
}
