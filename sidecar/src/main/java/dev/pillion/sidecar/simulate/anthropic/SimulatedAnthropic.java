package dev.pillion.sidecar.simulate.anthropic;

import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.PrefixCache;
import dev.pillion.sidecar.simulate.kit.Reply;
import dev.pillion.sidecar.simulate.kit.RetryHint;
import dev.pillion.sidecar.simulate.kit.SimulatedVendor;
import dev.pillion.sidecar.simulate.kit.SseEvent;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.VendorError;
import dev.pillion.sidecar.simulate.kit.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Anthropic as its clients see it: messages, token counts, models, errors, limits. */
public final class SimulatedAnthropic implements SimulatedVendor {
    private static final Map<String, Long> LIMITS =
            Map.of(
                    "requests", 10_000L,
                    "tokens", 12_000_000L,
                    "input-tokens", 10_000_000L,
                    "output-tokens", 2_000_000L);
    private final Set<String> keys;
    private final Clock clock;
    private final Ids ids = new Ids();
    private final AtomicLong requests = new AtomicLong();
    private final AnthropicValidator validator;
    private final AnthropicAnswerer answerer;
    private final PromptCache cache;

    /**
     * @param keys the API keys it knows; empty: any key will do
     */
    public SimulatedAnthropic(Set<String> keys, Clock clock) {
        this.keys = Set.copyOf(keys);
        this.clock = clock;
        var seals = new AnthropicSeals(String.join(",", keys.stream().sorted().toList()));
        this.validator = new AnthropicValidator(seals);
        this.answerer = new AnthropicAnswerer(ids, seals);
        this.cache = new PromptCache(new PrefixCache(clock));
    }

    @Override
    public String name() {
        return "anthropic";
    }

    @Override
    public Reply answer(Ask ask) {
        requests.incrementAndGet();
        var key = key(ask);
        if (key.isEmpty() || (!keys.isEmpty() && !keys.contains(key))) {
            return error(unknownKey(ask));
        }
        return switch (ask.method() + " " + ask.path()) {
            case "POST /v1/messages" -> messages(ask, key);
            case "POST /v1/messages/count_tokens" -> count(ask);
            case "GET /v1/models" -> whole(Trees.write(AnthropicModels.list()));
            default -> other(ask);
        };
    }

    private static String key(Ask ask) {
        var bearer = ask.bearer();
        return bearer.isEmpty() ? ask.header("x-api-key") : bearer;
    }

    private static VendorError unknownKey(Ask ask) {
        var usual = AnthropicErrors.usual(401);
        var message =
                ask.header("authorization").isEmpty() ? usual.message() : "invalid bearer token";
        return new VendorError(401, usual.type(), message, null, null);
    }

    private Reply other(Ask ask) {
        var prefix = "/v1/models/";
        if (ask.method().equals("GET") && ask.path().startsWith(prefix)) {
            var id = ask.path().substring(prefix.length());
            var model = AnthropicModels.find(id);
            return model == null
                    ? error(AnthropicErrors.notFound("model: " + id))
                    : whole(Trees.write(AnthropicModels.describe(id, model)));
        }
        return error(AnthropicErrors.notFound("Not Found"));
    }

    private Reply count(Ask ask) {
        return switch (validator.check(ask)) {
            case Verdict.Bad(var error) -> error(error);
            case Verdict.Good(var request) ->
                    whole(Trees.write(Trees.object().put("input_tokens", request.promptTokens())));
        };
    }

    private Reply messages(Ask ask, String key) {
        return switch (validator.check(ask)) {
            case Verdict.Bad(var error) -> error(error);
            case Verdict.Good(var request) -> said(request, ask, key);
        };
    }

    private Reply said(AnthropicRequest request, Ask ask, String key) {
        var usage = cache.account(request, key);
        var answer = answerer.answer(request, ask.hugeBytes());
        var message = new MessageJson(request, answer, usage, ids.next("msg_"));
        if (!request.body().path("stream").asBoolean()) {
            return whole(Trees.write(message.whole()));
        }
        var headers = headers(ids.next("req_"));
        headers.put("content-type", "text/event-stream; charset=utf-8");
        headers.put("cache-control", "no-cache");
        return new Reply.Events(headers, MessageEvents.of(message));
    }

    private Reply whole(String body) {
        return new Reply.Whole(200, headers(ids.next("req_")), body);
    }

    @Override
    public Reply error(VendorError error) {
        var id = ids.next("req_");
        var headers = headers(id);
        if (error.status() >= 500) {
            headers.put("x-should-retry", "true");
        }
        return new Reply.Whole(error.status(), headers, AnthropicErrors.body(error, id));
    }

    @Override
    public SseEvent errorEvent(VendorError error) {
        return new SseEvent("error", AnthropicErrors.body(error, ids.next("req_")));
    }

    @Override
    public VendorError usualError(int status) {
        return AnthropicErrors.usual(status);
    }

    @Override
    public VendorError promptTooLong() {
        return AnthropicErrors.tooLong(1_234_567, 1_000_000);
    }

    @Override
    public boolean terminal(SseEvent event) {
        return "message_stop".equals(event.name());
    }

    private Map<String, String> headers(String requestId) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", "application/json");
        headers.put("request-id", requestId);
        headers.put("anthropic-organization-id", "00000000-0000-4000-8000-000000000000");
        var reset = stamp(Duration.ofSeconds(1));
        for (var limit : LIMITS.entrySet()) {
            var name = "anthropic-ratelimit-" + limit.getKey();
            long used = limit.getKey().equals("requests") ? requests.get() % 100 : 0;
            headers.put(name + "-limit", limit.getValue().toString());
            headers.put(name + "-remaining", Long.toString(limit.getValue() - used));
            headers.put(name + "-reset", reset);
        }
        return headers;
    }

    private String stamp(Duration ahead) {
        return clock.instant().plus(ahead).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Override
    public Map<String, String> waitHeaders(RetryHint hint, Duration wait) {
        return hint.headers(
                wait,
                clock.instant(),
                Map.of(
                        "anthropic-ratelimit-requests-remaining",
                        "0",
                        "anthropic-ratelimit-requests-reset",
                        stamp(wait)));
    }
}
