package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.PrefixCache;
import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.Reply.Framing;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import dev.pillion.sidecar.simulate.kit.SimulatedVendor;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The Gemini API as its clients see it, under v1 and v1beta, and by Google Cloud's paths. */
public final class SimulatedGemini implements SimulatedVendor {
    private static final String JSON = "application/json; charset=UTF-8";

    private final Set<String> keys;
    private final Clock clock;
    private final Ids ids = new Ids();
    private final GeminiSeals seals = new GeminiSeals("gemini");
    private final GeminiValidator validator = new GeminiValidator(seals);
    private final GeminiAnswerer answerer = new GeminiAnswerer(ids, seals);
    private final GeminiUsage usage;

    /**
     * @param keys the API keys it knows; empty: any key will do
     */
    public SimulatedGemini(Set<String> keys, Clock clock) {
        this.keys = Set.copyOf(keys);
        this.clock = clock;
        this.usage = new GeminiUsage(new PrefixCache(clock));
    }

    @Override
    public String name() {
        return "gemini";
    }

    @Override
    public Reply answer(Ask ask) {
        var key = key(ask);
        var refusal = refused(ask, key);
        if (refusal != null) {
            return error(refusal, ask);
        }
        if (ask.method().equals("GET") && ask.path().matches("/v1(?:beta|alpha)?/models")) {
            return whole(GeminiModels.list(!ask.path().startsWith("/v1/")));
        }
        var route = Route.of(ask.path());
        if (route == null) {
            return noSuchPath(ask);
        }
        return ask.method().equals("GET") ? described(ask, route) : answer(ask, route, key);
    }

    private Reply answer(Ask ask, Route route, String key) {
        if (!ask.method().equals("POST")) {
            return noSuchPath(ask);
        }
        return switch (route.method()) {
            case "generateContent" -> generate(ask, route, key, null);
            case "streamGenerateContent" ->
                    generate(ask, route, key, sse(ask) ? Framing.SSE_CRLF : Framing.JSON_ARRAY);
            case "countTokens" -> count(ask, route);
            case "embedContent", "batchEmbedContents" -> embed(ask, route);
            default -> noSuchPath(ask);
        };
    }

    private static boolean sse(Ask ask) {
        return parameter(ask, "alt").equals("sse");
    }

    private static String parameter(Ask ask, String name) {
        for (var pair : ask.query().split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }

    private static String key(Ask ask) {
        for (var key : new String[] {ask.header("x-goog-api-key"), ask.bearer()}) {
            if (!key.isEmpty()) {
                return key;
            }
        }
        return parameter(ask, "key");
    }

    private @Nullable VendorError refused(Ask ask, String key) {
        if (key.isEmpty()) {
            return GeminiErrors.noKey();
        }
        if (keys.isEmpty() || keys.contains(key)) {
            return null;
        }
        boolean token = ask.header("x-goog-api-key").isEmpty() && parameter(ask, "key").isEmpty();
        return token ? GeminiErrors.wrongToken() : GeminiErrors.wrongKey();
    }

    private Reply noSuchPath(Ask ask) {
        var page =
                "<!DOCTYPE html>\n<html lang=en>\n  <title>Error 404 (Not Found)!!1</title>\n"
                        + "  <p>The requested URL <code>"
                        + ask.path().replaceAll("[<>&\"]", "")
                        + "</code> was not found on this server.\n";
        return new Reply.Whole(404, Map.of("content-type", "text/html; charset=UTF-8"), page);
    }

    private Reply described(Ask ask, Route route) {
        var model = GeminiModels.find(route.model());
        return model == null || GeminiValidator.tooNew(model, route)
                ? error(GeminiErrors.noSuchModel(route.model(), route.version(), "GetModel"), ask)
                : whole(GeminiModels.describe(route.model(), model));
    }

    private Reply generate(Ask ask, Route route, String key, @Nullable Framing framing) {
        return switch (validator.check(ask, route)) {
            case Verdict.Bad<GeminiRequest>(var error) -> error(error, ask);
            case Verdict.Good<GeminiRequest>(var request) -> {
                var answers = answerer.answer(request, ask.hugeBytes());
                var prompt = usage.prompt(request, key);
                var json = new ResponseJson(request, answers, prompt, seals, ids.next(""));
                yield framing == null ? whole(json.whole()) : stream(json, framing);
            }
        };
    }

    private static Reply stream(ResponseJson json, Framing framing) {
        var headers = headers(framing == Framing.JSON_ARRAY ? JSON : "text/event-stream");
        return new Reply.Events(headers, json.events(), framing);
    }

    private Reply count(Ask ask, Route route) {
        var model = GeminiModels.find(route.model());
        if (model == null || GeminiValidator.tooNew(model, route)) {
            return error(
                    GeminiErrors.noSuchModel(route.model(), route.version(), "countTokens"), ask);
        }
        var read =
                GeminiValidator.read(
                        ask, route.vertex() ? RequestShapes.VERTEX_COUNT : RequestShapes.COUNT);
        if (read.error() != null) {
            return error(read.error(), ask);
        }
        var inner = read.body().path("generateContentRequest");
        if (read.body().has("contents") == inner.isObject()) {
            return error(
                    GeminiErrors.invalid(
                            "Exactly one of contents and generate_content_request must be set."),
                    ask);
        }
        return counted(ask, route, model, inner.isObject() ? inner : read.body());
    }

    private Reply counted(Ask ask, Route route, GeminiModel model, JsonNode body) {
        if (!body.path("model").asText("models/" + route.model()).endsWith(route.model())) {
            return error(GeminiErrors.invalid("The model must be that of the call."), ask);
        }
        var request = GeminiRequest.of(body, route.model(), model, route.vertex());
        if (validator.judge(request) instanceof Verdict.Bad<GeminiRequest>(var error)) {
            return error(error, ask);
        }
        int tokens = request.promptTokens();
        var counted = Trees.object().put("totalTokens", tokens);
        counted.set(
                "promptTokensDetails",
                GeminiUsage.details(tokens, GeminiUsage.images(body, tokens)));
        return whole(counted);
    }

    private Reply embed(Ask ask, Route route) {
        var model = GeminiModels.find(route.model());
        if (model == null || !model.can(Skill.EMBED)) {
            return error(
                    GeminiErrors.noSuchModel(route.model(), route.version(), route.method()), ask);
        }
        var outcome = Embeddings.answer(ask, route, model);
        return outcome.error() == null ? whole(outcome.body()) : error(outcome.error(), ask);
    }

    private static Reply whole(ObjectNode body) {
        return new Reply.Whole(200, headers(JSON), body.toPrettyString() + "\n");
    }

    /** A stream that was refused has its own type of content; without SSE the error is listed. */
    private static Reply error(VendorError error, Ask ask) {
        boolean stream = ask.path().endsWith(":streamGenerateContent");
        if (stream && !sse(ask)) {
            return new Reply.Whole(error.status(), headers(JSON), GeminiErrors.listed(error));
        }
        var type = stream ? "text/event-stream" : JSON;
        var body = GeminiErrors.body(error).toPrettyString() + "\n";
        return new Reply.Whole(error.status(), headers(type), body);
    }

    @Override
    public Reply error(VendorError error) {
        var body = GeminiErrors.body(error).toPrettyString() + "\n";
        return new Reply.Whole(error.status(), headers(JSON), body);
    }

    @Override
    public SseEvent errorEvent(VendorError error) {
        return new SseEvent(null, Trees.write(GeminiErrors.body(error)));
    }

    @Override
    public VendorError usualError(int status) {
        return GeminiErrors.usual(status, null);
    }

    @Override
    public VendorError usualError(int status, RetryHint hint, Duration wait) {
        return GeminiErrors.usual(status, hint == RetryHint.RESET ? seconds(wait) : null);
    }

    private static String seconds(Duration wait) {
        long millis = wait.toMillisPart();
        return wait.toSeconds() + (millis == 0 ? "" : ".%03d".formatted(millis)) + "s";
    }

    @Override
    public VendorError promptTooLong() {
        return GeminiErrors.tooLong(1_234_567, 1_048_576);
    }

    @Override
    public boolean terminal(SseEvent event) {
        return event.data().contains("\"finishReason\":");
    }

    private static Map<String, String> headers(String contentType) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", contentType);
        headers.put("vary", "Origin, X-Origin, Referer");
        headers.put("server", "scaffolding on HTTPServer2");
        headers.put("x-content-type-options", "nosniff");
        headers.put("server-timing", "gfet4t7; dur=12");
        headers.put("x-gemini-service-tier", "standard");
        return headers;
    }

    @Override
    public Map<String, String> waitHeaders(RetryHint hint, Duration wait) {
        return hint.headers(wait, clock.instant(), Map.of());
    }
}
