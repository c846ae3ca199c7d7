package dev.pillion.sidecar.simulate.gemini;

import dev.pillion.sidecar.simulate.kit.VendorError;
import org.jspecify.annotations.Nullable;

/** Something that holds between the fields of a request. */
interface GeminiRule {
    /** The error, or null where the rule holds. */
    @Nullable VendorError broken(GeminiRequest request);
}
