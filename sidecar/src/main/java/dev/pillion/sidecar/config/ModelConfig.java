package dev.pillion.sidecar.config;

import dev.pillion.adapters.ModelTraits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model of one provider.
 *
 * @param id the qualified id: {@code provider/vendorId}
 * @param vendorId what goes on the wire
 * @param also further vendor ids of the same model, such as dated ones; sent as they were asked for
 * @param modelClass its class; null: in none
 * @param traits what it can do, with {@code vendorId} as id
 * @param fallbacks qualified ids for callers who named this model and whom it can't serve, in order
 */
public record ModelConfig(
        String id,
        String provider,
        String vendorId,
        List<String> also,
        @Nullable ModelClass modelClass,
        ModelTraits traits,
        Prices prices,
        List<String> fallbacks) {

    public ModelConfig {
        also = List.copyOf(also);
        fallbacks = List.copyOf(fallbacks);
    }

    ModelConfig withFallbacks(List<String> resolved) {
        return new ModelConfig(id, provider, vendorId, also, modelClass, traits, prices, resolved);
    }

    ModelConfig withPrices(Prices other) {
        return new ModelConfig(id, provider, vendorId, also, modelClass, traits, other, fallbacks);
    }

    /** The same model under another of its ids, as the caller wrote it. */
    ModelConfig calledBy(String askedVendorId) {
        if (askedVendorId.equals(vendorId)) {
            return this;
        }
        var asked =
                new ModelTraits(
                        askedVendorId,
                        traits.can(),
                        traits.refuses(),
                        traits.contextTokens(),
                        traits.maxOutputTokens(),
                        traits.efforts(),
                        traits.thinking());
        return new ModelConfig(
                id, provider, askedVendorId, also, modelClass, asked, prices, fallbacks);
    }
}
