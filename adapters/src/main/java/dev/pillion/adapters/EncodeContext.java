package dev.pillion.adapters;

/**
 * What an attempt is rendered for.
 *
 * @param provider the configured provider's name, e.g. {@code house-vllm}
 * @param account the vendor account whose key will be used; seals are bound to it
 * @param lossy whether what can't be expressed is left out and listed, rather than refused
 */
public record EncodeContext(ModelTraits model, String provider, String account, boolean lossy) {}
