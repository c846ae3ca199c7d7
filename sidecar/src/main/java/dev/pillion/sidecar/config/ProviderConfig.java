package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.net.URI;
import java.util.List;

/**
 * Somebody who serves models, and how we reach them.
 *
 * @param name the name in ids, headers and metrics, e.g. {@code anthropic} or {@code house-vllm}
 * @param baseUrl as configured, without a trailing slash: for the four vendors origin and prefix
 *     without the API version, for other servers as their users write it
 * @param priceFactor what the token rates of its models are multiplied with: a region's surcharge
 * @param keys in the document's order; empty: calls carry no credentials
 * @param limits for each key
 */
public record ProviderConfig(
        String name,
        Speaks speaks,
        URI baseUrl,
        BigDecimal priceFactor,
        List<KeyConfig> keys,
        KeyLimits limits,
        Timeouts timeouts) {

    public ProviderConfig {
        keys = List.copyOf(keys);
    }

    /** At the vendor's listed prices. */
    public ProviderConfig(
            String name,
            Speaks speaks,
            URI baseUrl,
            List<KeyConfig> keys,
            KeyLimits limits,
            Timeouts timeouts) {
        this(name, speaks, baseUrl, BigDecimal.ONE, keys, limits, timeouts);
    }

    /** True for the four vendors' own names, which need a key at the vendor's own address. */
    public boolean builtIn() {
        return name.equals(speaks.wire());
    }

    /**
     * The address that the wire format's paths are below: for OpenAI's format it ends in the API
     * version ({@code …/v1}), whether the configuration writes that or not.
     */
    public URI apiBase() {
        return builtIn() ? URI.create(baseUrl + speaks.versionPath()) : baseUrl;
    }

    /** True when calls may go out without a key: anywhere but at a vendor's own address. */
    public boolean needsNoKey() {
        return keys.isEmpty() && !(builtIn() && baseUrl.toString().equals(speaks.vendorUrl()));
    }
}
