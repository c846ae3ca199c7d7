package dev.pillion.adapters.openai;

import dev.pillion.adapters.Edit;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.ReplyTap;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Chat Completions in, Chat Completions out: the body goes on as slices of what came, with the
 * model's name put in and usage asked for in a stream; not a byte else is changed.
 */
final class OpenAiPassthrough implements Passthrough {
    private static final String BETA = "openai-beta";

    @Override
    public String speaks() {
        return Marks.SPEAKS;
    }

    /** Where a server takes less than the format has, the request is written anew for it. */
    @Override
    public boolean reaches(String provider) {
        return Quirks.of(provider).passable();
    }

    /**
     * OpenAI's models that searched on Chat Completions are gone; those of today do by Responses.
     * Of a model that the catalog does not know that is not known either.
     */
    @Override
    public boolean fits(Outline outline, ModelTraits model) {
        boolean searches =
                outline.needs().contains(Need.WEBSEARCH) && !model.refuses(Refusal.RESPONSES);
        return !(searches && model.contextTokens() > 0) && Passthrough.super.fits(outline, model);
    }

    @Override
    public UpstreamCall call(Surface client, Outline outline, String model) {
        Headers headers = RequestEncoder.headers(outline.stream());
        String beta = client.headers().get(BETA);
        if (beta != null) {
            headers = headers.plus(Headers.of(BETA, beta));
        }
        return new UpstreamCall(
                "POST",
                RequestEncoder.PATH,
                headers,
                body(client.body(), outline, model),
                outline.stream(),
                List.of(),
                null);
    }

    private static List<ByteBuffer> body(byte[] body, Outline outline, String model) {
        List<Edit> edits = new ArrayList<>(2);
        byte[] name = Json.bytes(Json.nodes().textNode(model));
        if (outline.modelStart() >= 0) {
            edits.add(new Edit(outline.modelStart(), outline.modelEnd(), name));
        } else {
            edits.add(Edit.member(body, "model", name));
        }
        if (outline.stream() && !outline.usageAsked()) {
            edits.add(StreamOptions.askForUsage(body, outline.streamOptions()));
        }
        return Edit.apply(body, edits);
    }

    @Override
    public ReplyTap tap(Outline outline, Headers reply) {
        return outline.stream()
                ? new ChatTap(true, !outline.usageAsked())
                : new ChatTap(false, !outline.usageAsked(), sizeHintBytes(reply));
    }

    /** The length stated, where it is no reason to set much memory aside. */
    private static int sizeHintBytes(Headers reply) {
        String stated = reply.get("content-length");
        boolean small = stated != null && stated.length() <= 5;
        return small ? Integer.parseInt(stated) : 2048;
    }

    @Override
    public boolean handsOn(String header) {
        return RateLimitHeaders.isHandedOn(header);
    }
}
