package dev.pillion.sidecar.simulate.openai;

import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.CachedPrefix;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.PrefixCache;
import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import dev.pillion.sidecar.simulate.kit.SimulatedVendor;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.responses.EventStyle;
import dev.pillion.sidecar.simulate.responses.ResponseEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** OpenAI as its clients see it: Chat Completions and Responses; {@code /v1} may be left out. */
public final class SimulatedOpenAi implements SimulatedVendor {
    private final Set<String> keys;
    private final Clock clock;
    private final boolean anyModel;
    private final Ids ids = new Ids();
    private final AtomicLong requests = new AtomicLong();
    private final ChatValidator validator;
    private final ChatAnswerer answerer = new ChatAnswerer(ids);
    private final ChatUsage usage;
    private final OpenAiResponses responses;

    /**
     * @param keys the API keys it knows; empty: any key will do
     */
    public SimulatedOpenAi(Set<String> keys, Clock clock) {
        this(keys, clock, false);
    }

    private SimulatedOpenAi(Set<String> keys, Clock clock, boolean anyModel) {
        this.keys = Set.copyOf(keys);
        this.clock = clock;
        this.anyModel = anyModel;
        this.validator = new ChatValidator(anyModel);
        var cache = new CachedPrefix(new PrefixCache(clock));
        this.usage = new ChatUsage(cache);
        this.responses = new OpenAiResponses(clock, ids, cache);
    }

    /** A server that speaks the format, and serves any model, without a key too. */
    public static SimulatedOpenAi compatible(Set<String> keys, Clock clock) {
        return new SimulatedOpenAi(keys, clock, true);
    }

    @Override
    public String name() {
        return anyModel ? "openai-compatible" : "openai";
    }

    @Override
    public Reply answer(Ask ask) {
        requests.incrementAndGet();
        var key = ask.bearer();
        boolean keyless = anyModel && keys.isEmpty();
        if (key.isEmpty() && !keyless) {
            return error(OpenAiErrors.noKey());
        }
        if (!keys.isEmpty() && !keys.contains(key)) {
            return error(OpenAiErrors.wrongKey(key));
        }
        var path = ask.path().startsWith("/v1/") ? ask.path().substring(3) : ask.path();
        return switch (ask.method() + " " + path) {
            case "POST /chat/completions" -> complete(ask, key);
            case "POST /responses" -> respond(ask, key);
            case "POST /responses/input_tokens" -> count(ask, key);
            case "POST /embeddings" -> embed(ask);
            case "GET /models" -> whole(Trees.write(OpenAiModels.list()));
            default -> other(ask, path, key);
        };
    }

    private Reply other(Ask ask, String path, String key) {
        if (path.startsWith("/responses/")) {
            return stored(ask, path.substring("/responses/".length()), key);
        }
        if (ask.method().equals("GET") && path.startsWith("/models/")) {
            var id = path.substring("/models/".length());
            return anyModel || OpenAiModels.find(id) != null
                    ? whole(Trees.write(OpenAiModels.describe(id)))
                    : error(OpenAiErrors.noSuchModel(id));
        }
        return error(
                OpenAiErrors.notFound(
                        "Invalid URL (" + ask.method() + " " + ask.path() + ")", null));
    }

    private Reply stored(Ask ask, String id, String key) {
        var response = responses.stored(key, id);
        boolean delete = ask.method().equals("DELETE");
        if (response == null || !(delete || ask.method().equals("GET"))) {
            return error(OpenAiErrors.notFound("Response with id '" + id + "' not found.", null));
        }
        if (!delete) {
            return whole(Trees.write(response));
        }
        boolean deleted = responses.forget(key, id);
        var gone = Trees.object().put("id", id).put("object", "response.deleted");
        return whole(Trees.write(gone.put("deleted", deleted)));
    }

    private Reply respond(Ask ask, String key) {
        if (anyModel) {
            return error(OpenAiErrors.notFound("Invalid URL (POST " + ask.path() + ")", null));
        }
        return switch (responses.check(ask, key)) {
            case Verdict.Bad(var error) -> error(error);
            case Verdict.Good(var request) -> respond(request, ask);
        };
    }

    private Reply respond(ResponsesRequest request, Ask ask) {
        var response = responses.answer(request, ask.hugeBytes());
        if (!request.streams()) {
            return whole(Trees.write(response));
        }
        var options = request.body().path("stream_options");
        boolean obfuscates = options.path("include_obfuscation").asBoolean(true);
        var style = new EventStyle(false, false, true, obfuscates, true);
        return events(ResponseEvents.of(response, style));
    }

    private Reply count(Ask ask, String key) {
        return switch (responses.checkToCount(ask, key)) {
            case Verdict.Bad(var error) -> error(error);
            case Verdict.Good(var request) ->
                    whole(
                            Trees.write(
                                    Trees.object()
                                            .put("object", "response.input_tokens")
                                            .put("input_tokens", request.promptTokens())));
        };
    }

    private Reply embed(Ask ask) {
        return switch (EmbeddingRules.check(ask)) {
            case Verdict.Bad(var error) -> error(error);
            case Verdict.Good(var request) -> whole(Trees.write(EmbeddingJson.of(request)));
        };
    }

    private Reply complete(Ask ask, String key) {
        return switch (validator.check(ask)) {
            case Verdict.Bad(var error) -> error(error);
            case Verdict.Good(var request) -> complete(request, ask, key);
        };
    }

    private Reply complete(ChatRequest request, Ask ask, String key) {
        var answers = answerer.answer(request, ask.hugeBytes());
        var counts = usage.of(request, answers, key);
        long now = clock.instant().getEpochSecond();
        var json = new CompletionJson(request, answers, counts, ids.next("chatcmpl-"), now);
        return request.streams() ? events(json.events()) : whole(Trees.write(json.whole()));
    }

    private Reply events(List<SseEvent> events) {
        var headers = headers();
        headers.put("content-type", "text/event-stream; charset=utf-8");
        return new Reply.Events(headers, events);
    }

    private Reply whole(String body) {
        return new Reply.Whole(200, headers(), body);
    }

    @Override
    public Reply error(VendorError error) {
        return new Reply.Whole(error.status(), headers(), OpenAiErrors.body(error));
    }

    @Override
    public SseEvent errorEvent(VendorError error) {
        return new SseEvent(null, OpenAiErrors.body(error));
    }

    @Override
    public SseEvent errorEvent(VendorError error, List<SseEvent> stream, int sent) {
        boolean chat = stream.getFirst().name() == null;
        return chat ? errorEvent(error) : new SseEvent("error", OpenAiErrors.event(error, sent));
    }

    @Override
    public VendorError usualError(int status) {
        return OpenAiErrors.usual(status);
    }

    @Override
    public VendorError promptTooLong() {
        return OpenAiErrors.tooLong(1_234_567, 128_000);
    }

    @Override
    public boolean terminal(SseEvent event) {
        return event.data().equals("[DONE]") || ResponseEvents.terminal(event);
    }

    private Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", "application/json");
        headers.put("x-request-id", ids.nextHex("req_"));
        headers.put("openai-version", "2020-10-01");
        headers.put("openai-processing-ms", "12");
        headers.put("openai-organization", "simulated");
        headers.put("x-ratelimit-limit-requests", "10000");
        headers.put("x-ratelimit-limit-tokens", "50000000");
        headers.put("x-ratelimit-remaining-requests", Long.toString(9_999 - requests.get() % 100));
        headers.put("x-ratelimit-remaining-tokens", "49999000");
        headers.put("x-ratelimit-reset-requests", "6ms");
        headers.put("x-ratelimit-reset-tokens", "1ms");
        return headers;
    }

    @Override
    public Map<String, String> waitHeaders(RetryHint hint, Duration wait) {
        return hint.headers(
                wait,
                clock.instant(),
                Map.of(
                        "x-ratelimit-remaining-requests",
                        "0",
                        "x-ratelimit-reset-requests",
                        wait.toMillis() + "ms"));
    }
}
