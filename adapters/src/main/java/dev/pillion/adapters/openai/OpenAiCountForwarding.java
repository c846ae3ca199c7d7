package dev.pillion.adapters.openai;

import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;

/**
 * Hands a request whose tokens are to be counted on as it came, but for the model's name. Nothing
 * is refused that only an answer would be.
 */
final class OpenAiCountForwarding implements Forwarding {
    private static final Forwarding SPLICE = new ModelSplice(OpenAiCounter.PATH);

    @Override
    public String speaks() {
        return Marks.SPEAKS;
    }

    /** Servers compatible with Chat Completions do not count. */
    @Override
    public boolean reaches(String provider) {
        return provider.equals(Marks.SPEAKS);
    }

    /** What had to be decoded to be understood has to be translated. */
    @Override
    public boolean fits(Outline outline, ModelTraits model) {
        return outline.decoded() == null && outline.modelStart() >= 0;
    }

    @Override
    public UpstreamCall call(Surface client, Outline outline, String model) {
        return SPLICE.call(client, outline, model);
    }

    @Override
    public boolean handsOn(String header) {
        return SPLICE.handsOn(header);
    }
}
