package dev.pillion.adapters.openai.responses;

import dev.pillion.adapters.Edit;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.PassedFrames;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.ReplyTap;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.adapters.openai.RateLimitHeaders;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.util.List;

/**
 * Responses in, Responses out, to OpenAI itself: the body goes on as slices of what came, with the
 * model's name put in; not a byte else is changed. A conversation that holds seals or ids of
 * Pillion's is translated ({@link dev.pillion.adapters.OwnSeals}), as is what OpenAI takes only on
 * its other API.
 */
final class ResponsesPassthrough implements Passthrough {
    private static final String BETA = "openai-beta";

    @Override
    public String speaks() {
        return Marks.SPEAKS;
    }

    /** Servers compatible with Chat Completions are not asked for Responses. */
    @Override
    public boolean reaches(String provider) {
        return provider.equals(Marks.SPEAKS);
    }

    /** What had to be decoded to be understood has to be translated. */
    @Override
    public boolean fits(Outline outline, ModelTraits model) {
        return outline.decoded() == null
                && !model.refuses(Refusal.RESPONSES)
                && Passthrough.super.fits(outline, model);
    }

    @Override
    public UpstreamCall call(Surface client, Outline outline, String model) {
        byte[] name = Json.bytes(Json.nodes().textNode(model));
        Edit edit =
                outline.modelStart() >= 0
                        ? new Edit(outline.modelStart(), outline.modelEnd(), name)
                        : Edit.member(client.body(), "model", name);
        Headers headers = ResponsesRequestEncoder.headers(outline.stream());
        String beta = client.headers().get(BETA);
        return new UpstreamCall(
                "POST",
                ResponsesRequestEncoder.PATH,
                beta == null ? headers : headers.plus(Headers.of(BETA, beta)),
                Edit.apply(client.body(), List.of(edit)),
                outline.stream(),
                List.of(),
                null);
    }

    @Override
    public ReplyTap tap(Outline outline, Headers reply) {
        return new PassedFrames(new ResponseWatch(), outline.stream());
    }

    @Override
    public boolean handsOn(String header) {
        return RateLimitHeaders.isHandedOn(header);
    }
}
