package dev.pillion.sidecar.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * A number of one target.
 *
 * @param model null: of the whole provider
 */
public record TargetSample(String provider, @Nullable String model, long value) {}
