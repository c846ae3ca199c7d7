package dev.pillion.adapters.anthropic;

import dev.pillion.adapters.Edit;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.PassedFrames;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.ReplyTap;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Messages in, Messages out: the body goes on as slices of what came, with the model's name put in,
 * under the version and the betas that the client named; not a byte else is changed. A conversation
 * that holds what only Pillion can read, or what another vendor's answer left in it that Anthropic
 * refuses, is translated ({@link dev.pillion.adapters.OwnSeals}).
 */
final class AnthropicPassthrough implements Passthrough {
    /** What Anthropic's SDKs add for betas; it says nothing that the header does not. */
    private static final String BETA_QUERY = "beta=true";

    @Override
    public String speaks() {
        return Api.NAME;
    }

    /** What had to be decoded to be understood has to be translated. */
    @Override
    public boolean fits(Outline outline, ModelTraits model) {
        return outline.decoded() == null && Passthrough.super.fits(outline, model);
    }

    @Override
    public UpstreamCall call(Surface client, Outline outline, String model) {
        return call(Api.MESSAGES_PATH, client, outline, model);
    }

    /** The call to one of the methods that take a message's request. */
    static UpstreamCall call(String path, Surface client, Outline outline, String model) {
        byte[] name = Json.bytes(Json.nodes().textNode(model));
        List<ByteBuffer> body =
                Edit.apply(
                        client.body(),
                        List.of(new Edit(outline.modelStart(), outline.modelEnd(), name)));
        boolean beta = BETA_QUERY.equals(client.query());
        return new UpstreamCall(
                "POST",
                beta ? path + "?" + BETA_QUERY : path,
                headers(client.headers()),
                body,
                outline.stream(),
                List.of(),
                null);
    }

    /**
     * A client that names no version is read by the older one's rules, and the vendor wants one.
     */
    private static Headers headers(Headers client) {
        String version = client.get(Api.VERSION_HEADER);
        var headers =
                Headers.builder()
                        .add("content-type", "application/json")
                        .add("accept", "application/json")
                        .add(Api.VERSION_HEADER, version == null ? Api.OLD_VERSION : version);
        for (String betas : client.all(Api.BETA_HEADER)) {
            headers.add(Api.BETA_HEADER, betas);
        }
        return headers.build();
    }

    @Override
    public ReplyTap tap(Outline outline, Headers reply) {
        return new PassedFrames(new MessageWatch(reply), outline.stream());
    }

    @Override
    public boolean handsOn(String header) {
        return isHandedOn(header);
    }

    static boolean isHandedOn(String header) {
        return header.equals("request-id")
                || header.equals("retry-after")
                || header.startsWith("anthropic-ratelimit-");
    }
}
