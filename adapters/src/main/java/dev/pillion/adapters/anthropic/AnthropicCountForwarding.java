package dev.pillion.adapters.anthropic;

import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;

/**
 * Hands a request whose tokens are to be counted on as it came, but for the model's name. Nothing
 * is refused that only an answer would be.
 */
final class AnthropicCountForwarding implements Forwarding {
    @Override
    public String speaks() {
        return Api.NAME;
    }

    /** What had to be decoded to be understood has to be translated. */
    @Override
    public boolean fits(Outline outline, ModelTraits model) {
        return outline.decoded() == null;
    }

    @Override
    public UpstreamCall call(Surface client, Outline outline, String model) {
        return AnthropicPassthrough.call(Api.COUNT_PATH, client, outline, model);
    }

    @Override
    public boolean handsOn(String header) {
        return AnthropicPassthrough.isHandedOn(header);
    }
}
