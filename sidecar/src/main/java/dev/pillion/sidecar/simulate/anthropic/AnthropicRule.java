package dev.pillion.sidecar.simulate.anthropic;

import dev.pillion.sidecar.simulate.kit.VendorError;
import org.jspecify.annotations.Nullable;

/** Something that holds for every good request. */
interface AnthropicRule {
    /** The vendor's complaint where it does not hold, otherwise null. */
    @Nullable VendorError broken(AnthropicRequest request);
}
