package dev.pillion.adapters.gemini;

import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.PassedFrames;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.ReplyTap;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.wire.Headers;

/**
 * Gemini in, Gemini out: the model's name is put into the path, and into the body where that names
 * it once more; not a byte else is changed. A conversation that holds seals or ids of Pillion's is
 * translated ({@link dev.pillion.adapters.OwnSeals} says why), as is one whose calls have lost the
 * signature without which a model refuses them.
 */
final class GeminiPassthrough implements Passthrough {
    @Override
    public String speaks() {
        return GeminiApi.NAME;
    }

    /** What had to be decoded to be understood has to be translated. */
    @Override
    public boolean fits(Outline outline, ModelTraits model) {
        boolean refused =
                outline.unsignedCalls() && model.thinking() == ModelTraits.Thinking.ALWAYS;
        return outline.decoded() == null && !refused && Passthrough.super.fits(outline, model);
    }

    @Override
    public UpstreamCall call(Surface client, Outline outline, String model) {
        return GeminiSplice.call(client, outline, model);
    }

    @Override
    public ReplyTap tap(Outline outline, Headers reply) {
        var watch = new GeminiWatch(reply);
        return outline.streamsArray()
                ? new PassedElements(watch)
                : new PassedFrames(watch, outline.stream());
    }

    @Override
    public boolean handsOn(String header) {
        return GeminiSplice.handsOn(header);
    }
}
