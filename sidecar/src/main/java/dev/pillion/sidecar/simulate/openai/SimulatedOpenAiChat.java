package dev.pillion.sidecar.simulate.openai;

import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.PrefixCache;
import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import dev.pillion.sidecar.simulate.kit.SimulatedVendor;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.openai.ChatValidator.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** OpenAI Chat Completions as its clients see it; paths with {@code /v1} and without. */
public final class SimulatedOpenAiChat implements SimulatedVendor {
    private final Set<String> keys;
    private final Clock clock;
    private final boolean anyModel;
    private final Ids ids = new Ids();
    private final AtomicLong requests = new AtomicLong();
    private final ChatValidator validator;
    private final ChatAnswerer answerer = new ChatAnswerer(ids);
    private final ChatUsage usage;

    /**
     * @param keys the API keys it knows; empty: any key will do
     */
    public SimulatedOpenAiChat(Set<String> keys, Clock clock) {
        this(keys, clock, false);
    }

    private SimulatedOpenAiChat(Set<String> keys, Clock clock, boolean anyModel) {
        this.keys = Set.copyOf(keys);
        this.clock = clock;
        this.anyModel = anyModel;
        this.validator = new ChatValidator(anyModel);
        this.usage = new ChatUsage(new PrefixCache(clock));
    }

    /** A server that speaks the format, and serves any model, without a key too. */
    public static SimulatedOpenAiChat compatible(Set<String> keys, Clock clock) {
        return new SimulatedOpenAiChat(keys, clock, true);
    }

    @Override
    public String name() {
        return anyModel ? "openai-compatible" : "openai";
    }

    @Override
    public Reply answer(Ask ask) {
        requests.incrementAndGet();
        var bearer = ask.header("authorization");
        var key = bearer.regionMatches(true, 0, "Bearer ", 0, 7) ? bearer.substring(7).strip() : "";
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
            case "GET /models" -> whole(Trees.write(OpenAiModels.list()));
            default -> other(ask, path);
        };
    }

    private Reply other(Ask ask, String path) {
        if (ask.method().equals("GET") && path.startsWith("/models/")) {
            var id = path.substring("/models/".length());
            return anyModel || OpenAiModels.find(id) != null
                    ? whole(Trees.write(OpenAiModels.describe(id)))
                    : error(OpenAiErrors.noSuchModel(id));
        }
        return error(
                new VendorError(
                        404,
                        "invalid_request_error",
                        "Invalid URL (" + ask.method() + " " + ask.path() + ")",
                        null,
                        null));
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
        if (!request.streams()) {
            return whole(Trees.write(json.whole()));
        }
        var headers = headers();
        headers.put("content-type", "text/event-stream; charset=utf-8");
        return new Reply.Events(headers, json.events());
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
    public VendorError usualError(int status) {
        return OpenAiErrors.usual(status);
    }

    @Override
    public VendorError promptTooLong() {
        return OpenAiErrors.tooLong(1_234_567, 128_000);
    }

    @Override
    public boolean terminal(SseEvent event) {
        return event.data().equals("[DONE]");
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
        return switch (hint) {
            case NONE -> Map.of();
            case SECONDS -> Map.of("retry-after", Long.toString(wait.toSeconds()));
            case MILLIS -> Map.of("retry-after-ms", Long.toString(wait.toMillis()));
            case HTTP_DATE ->
                    Map.of(
                            "retry-after",
                            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                    clock.instant().plus(wait).atOffset(ZoneOffset.UTC)));
            case RESET ->
                    Map.of(
                            "x-ratelimit-remaining-requests",
                            "0",
                            "x-ratelimit-reset-requests",
                            wait.toMillis() + "ms");
        };
    }
}
