package dev.pillion.adapters;

import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Headers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One vendor wire format, outbound: how to ask, and how to read what comes back. Stateless. */
public interface Provider {

    /** The format's name: what {@code speaks:} says in the configuration. */
    String speaks();

    /** What the format can carry, whatever the model. */
    Set<Capability> carries();

    /**
     * Renders the request for one model. Deterministic and append-only: a conversation that grows
     * keeps its prefix byte for byte.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code unsupported} with the field's name
     */
    UpstreamCall encode(ChatRequest request, EncodeContext context);

    /** Reads the answer to {@link #encode}'s call; {@code reply} are the answer's headers. */
    ReplyDecoder decoder(ChatRequest request, EncodeContext context, Headers reply);

    /**
     * What is believed of how the vendor counts a prompt's tokens, before any answer told.
     *
     * @param provider the configured provider's name: servers of one format differ in this
     */
    default TokenPrior tokenPrior(String provider) {
        return TokenPrior.UNKNOWN;
    }

    /**
     * Whether the vendor keeps to bounds of how often it may search or call tools of its own.
     *
     * @param provider as of {@link #tokenPrior}
     * @param lossy whether a bound that can't be said there is left out
     */
    default boolean heedsCallLimits(String provider, boolean lossy) {
        return false;
    }

    /** The service tier that is asked for so, in the word of the vendor's answers. */
    default String tierNamed(String asked) {
        return asked;
    }

    /**
     * Service tiers that the vendor may apply to a request that asks for none.
     *
     * @param provider as of {@link #tokenPrior}
     */
    default Set<String> tiersUnasked(String provider) {
        return Set.of();
    }

    /** How vectors are asked for; null: the format has none. */
    default @Nullable Embedder embedder() {
        return null;
    }

    /**
     * How tokens are counted; null: that provider does not count.
     *
     * @param provider the configured provider's name: servers of one format differ in this
     */
    default @Nullable TokenCounter counter(String provider) {
        return null;
    }

    /**
     * Finds usage in the answer of any of the vendor's methods; {@code reply} are its headers.
     *
     * @param provider the configured provider's name: servers of one format differ in this
     */
    UsageWatch usageWatch(String provider, Headers reply);

    /**
     * Whether answers of the vendor's own API at that path tell addresses of it that clients
     * follow, with the credentials that they have.
     */
    default boolean tellsAddresses(String path) {
        return false;
    }

    /** What an answer other than 2xx means: by body and code first, then by status. */
    Fault fault(int status, Headers reply, byte[] body);

    /** The header fields that carry the key. */
    Headers credentials(String key);

    /** What the vendor says of its limits in an answer's headers. */
    RateLimits rateLimits(Headers reply);
}
