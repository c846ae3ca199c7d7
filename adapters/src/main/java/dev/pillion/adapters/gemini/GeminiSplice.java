package dev.pillion.adapters.gemini;

import dev.pillion.adapters.Edit;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.UrlText;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The call by which a request goes on as it came: another model's name, and no credentials. */
final class GeminiSplice {
    private static final Pattern VERSION =
            Pattern.compile("/(v1|v1beta|v1alpha)/(?:models|tunedModels)/.*");

    /** Where a query may carry a credential. */
    private static final Set<String> CREDENTIALS = Set.of("key", "access_token", "oauth_token");

    /** Leaves out what was not asked for, or wraps the answer in a script. */
    private static final Set<String> REWRITING =
            Set.of("fields", "$fields", "callback", "$callback");

    /** Tells the vendor how long its client is going to wait, in seconds. */
    private static final String TIMEOUT = "x-server-timeout";

    private GeminiSplice() {}

    static UpstreamCall call(Surface client, Outline outline, String model) {
        String query = query(client.query());
        return new UpstreamCall(
                "POST",
                path(client, outline, model) + (query.isEmpty() ? "" : "?" + query),
                headers(client.headers(), outline),
                body(client.body(), outline, model),
                outline.stream(),
                List.of(),
                null);
    }

    /**
     * Under the version that the client named. Vertex AI's paths have no place at the Gemini API,
     * and v1 lacks models that only Pillion can have chosen.
     */
    private static String path(Surface client, Outline outline, String model) {
        Matcher version = VERSION.matcher(client.path());
        String own = GeminiMethods.path(model, GeminiPath.of(client).method());
        boolean v1beta =
                !version.matches() || (version.group(1).equals("v1") && !named(outline, model));
        return v1beta
                ? own
                : "/" + version.group(1) + own.substring(GeminiApi.VERSION_PATH.length() - 1);
    }

    private static boolean named(Outline outline, String model) {
        String asked = outline.model();
        return asked != null && (asked.equals(model) || asked.endsWith("/" + model));
    }

    /** Whether the query has the vendor answer in a form of which nothing can be known. */
    static boolean rewritesAnswers(Surface client) {
        return pairs(client.query()).stream().anyMatch(pair -> REWRITING.contains(name(pair)));
    }

    private static String query(@Nullable String query) {
        return pairs(query).stream()
                .filter(pair -> !CREDENTIALS.contains(name(pair)))
                .collect(Collectors.joining("&"));
    }

    private static List<String> pairs(@Nullable String query) {
        return query == null
                ? List.of()
                : Stream.of(query.split("&", -1)).filter(pair -> !pair.isEmpty()).toList();
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        String name = UrlText.decoded(equals < 0 ? pair : pair.substring(0, equals));
        return name == null ? "" : name;
    }

    private static Headers headers(Headers client, Outline outline) {
        boolean events = outline.stream() && !outline.streamsArray();
        var headers =
                Headers.builder()
                        .add("content-type", "application/json")
                        .add("accept", events ? "text/event-stream" : "application/json");
        String timeout = client.get(TIMEOUT);
        if (timeout != null) {
            headers.add(TIMEOUT, timeout);
        }
        return headers.build();
    }

    private static List<ByteBuffer> body(byte[] body, Outline outline, String model) {
        if (outline.modelStart() < 0
                || (outline.model() != null && outline.model().equals(model))) {
            return List.of(ByteBuffer.wrap(body)); // Where it stands, it is the one in the path.
        }
        byte[] name = Json.bytes(Json.nodes().textNode(GeminiMethods.resource(model)));
        return Edit.apply(body, List.of(new Edit(outline.modelStart(), outline.modelEnd(), name)));
    }

    /** What the vendor says of the request; it names neither limits nor requests in headers. */
    static boolean handsOn(String header) {
        return header.equals("retry-after")
                || header.equals("x-gemini-service-tier")
                || header.equals("x-request-id")
                || header.startsWith("x-ratelimit-");
    }
}
