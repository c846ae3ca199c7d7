package dev.pillion.sidecar.simulate.kit;

import org.jspecify.annotations.Nullable;

/** An error as a vendor words it; {@code param} and {@code code} only where the vendor has them. */
public record VendorError(
        int status, String type, String message, @Nullable String param, @Nullable String code) {}
