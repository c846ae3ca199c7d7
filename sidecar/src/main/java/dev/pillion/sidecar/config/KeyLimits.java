package dev.pillion.sidecar.config;

import org.jspecify.annotations.Nullable;

/**
 * What one vendor key may be asked for; null: no limit of ours.
 *
 * @param rpm requests a minute
 * @param inputTpm input tokens a minute
 * @param outputTpm output tokens a minute
 * @param concurrency requests at a time
 */
public record KeyLimits(
        @Nullable Long rpm,
        @Nullable Long inputTpm,
        @Nullable Long outputTpm,
        @Nullable Long concurrency) {
    public static final KeyLimits NONE = new KeyLimits(null, null, null, null);
}
