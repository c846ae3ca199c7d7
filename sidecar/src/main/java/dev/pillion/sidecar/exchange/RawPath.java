package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Dialects;
import dev.pillion.adapters.RawDialect;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.UrlText;
import dev.pillion.sidecar.config.ProviderConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Once;
import dev.pillion.sidecar.dispatch.Work;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /PROVIDER/REST}: a path of the vendor's own API, under its configured address. Dot
 * segments, encoded slashes and control characters never come this far: the edge refuses them.
 *
 * @param rest begins with a slash
 */
record RawPath(ProviderConfig provider, String rest) {
    private static final String SURFACE = "raw";

    /** Query fields in which the vendors take keys; a client's own stay here. */
    private static final Set<String> CREDENTIALS = Set.of("key", "access_token");

    /** RFC 9110, 9.2.2: made twice, such a call does no more than made once. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE");

    /** The raw path; null for one that begins with no configured provider's name. */
    static @Nullable RawPath of(String path, Snapshot snapshot) {
        String name = firstSegment(path);
        ProviderConfig provider = name == null ? null : snapshot.config().providers().get(name);
        return provider == null
                ? null
                : new RawPath(provider, path.substring(provider.name().length() + 1));
    }

    /** What stands between the first slash and the second; null without a second. */
    static @Nullable String firstSegment(String path) {
        int end = path.indexOf('/', 1);
        return end < 0 ? null : path.substring(1, end);
    }

    /** Errors are told as the provider's SDKs understand them. */
    RawDialect dialect() {
        String surface =
                switch (provider.speaks()) {
                    case ANTHROPIC -> "messages";
                    case OPENAI, XAI -> "chat.completions";
                    case GEMINI -> "generateContent";
                };
        return new RawDialect(SURFACE, Objects.requireNonNull(Dialects.of(surface)).errors());
    }

    /** What one of our surfaces serves too may be asked for twice, as it may be there. */
    Work.Raw work(Inbound in) {
        boolean versioned = provider.baseUrl().getPath().endsWith("/v1");
        AnyDialect known = Surfaces.of(versioned ? "/v1" + rest : rest);
        return new Work.Raw(
                dialect(),
                provider.name(),
                new Once<>(() -> call(in)),
                known != null || IDEMPOTENT.contains(in.method()));
    }

    private UpstreamCall call(Inbound in) {
        if (rest.startsWith("//")) { // which could be taken for an address of another host
            throw Fault.invalid("the path goes on with // after the provider", null).asException();
        }
        String upgrade = in.headers().get("upgrade");
        if (upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket")) {
            String message = "upgrade: web sockets are not served (expected: HTTP/1.1 requests)";
            throw Fault.unsupported(message, "upgrade").asException();
        }
        return new UpstreamCall(
                in.method(),
                withQuery(in.query()),
                RawHeaders.toVendor(in.headers()),
                in.body().length == 0 ? List.of() : List.of(ByteBuffer.wrap(in.body())),
                false,
                List.of(),
                null);
    }

    /** With the query, but for what is a credential in it. */
    private String withQuery(@Nullable String query) {
        if (query == null) {
            return rest;
        }
        String kept =
                Arrays.stream(query.split("&", -1))
                        .filter(pair -> !CREDENTIALS.contains(name(pair)))
                        .collect(Collectors.joining("&"));
        return kept.isEmpty() && !query.isEmpty() ? rest : rest + "?" + kept;
    }

    /** A name that can't be decoded is none that a vendor would take for a credential's. */
    private static String name(String pair) {
        int equals = pair.indexOf('=');
        String decoded = UrlText.decoded(equals < 0 ? pair : pair.substring(0, equals));
        return decoded == null ? "" : decoded;
    }
}
