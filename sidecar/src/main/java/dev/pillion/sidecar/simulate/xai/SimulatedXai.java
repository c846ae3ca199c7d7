package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * xAI as its clients see it: Responses and the legacy Chat Completions. A word in a request to Chat
 * gets the error that this vendor sends with status 200: {@code SIMULATE_UNAVAILABLE}.
 */
public final class SimulatedXai implements SimulatedVendor {
    private static final EventStyle STYLE = new EventStyle(true, true, false, false, false);

    private final Set<String> keys;
    private final Clock clock;
    private final Ids ids = new Ids();
    private final XaiModels models = new XaiModels(false);
    private final CachedPrefix cache;
    private final XaiValidator validator;
    private final XaiChatAnswerer chat = new XaiChatAnswerer(ids);
    private final XaiResponses responses;
    private final Deferred deferred = new Deferred();

    /**
     * A vendor with these accounts.
     *
     * @param keys the API keys it knows; empty: any key will do
     */
    public SimulatedXai(Set<String> keys, Clock clock) {
        this.keys = Set.copyOf(keys);
        this.clock = clock;
        var seals = XaiValidator.seals();
        var memory = new ResponsesMemory(false);
        this.cache = new CachedPrefix(new PrefixCache(clock));
        this.validator = new XaiValidator(models, memory, seals);
        this.responses = new XaiResponses(clock, ids, cache, memory, seals);
    }

    @Override
    public String name() {
        return "xai";
    }

    @Override
    public Reply answer(Ask ask) {
        var path = ask.path().startsWith("/v1/") ? ask.path().substring(3) : ask.path();
        boolean legacy = path.equals("/chat/completions");
        var key = ask.bearer();
        if (key.isEmpty()) {
            return error(XaiErrors.noKey(), legacy);
        }
        if (!keys.isEmpty() && !keys.contains(key)) {
            return error(XaiErrors.wrongKey(key), legacy);
        }
        return switch (path) {
            case "/chat/completions" -> posted(ask) ? complete(ask, key) : wrongMethod();
            case "/responses" -> posted(ask) ? respond(ask, key) : wrongMethod();
            case "/models" -> whole(models.list());
            default -> other(path);
        };
    }

    private static boolean posted(Ask ask) {
        return ask.method().equals("POST");
    }

    private Reply wrongMethod() {
        return error(XaiErrors.plain(405, "Method Not Allowed"));
    }

    private Reply other(String path) {
        if (path.startsWith(Deferred.PATH)) {
            return deferred(path.substring(Deferred.PATH.length()));
        }
        var prefix = "/models/";
        if (!path.startsWith(prefix)) {
            return error(XaiErrors.plain(404, "The requested resource was not found."));
        }
        var id = path.substring(prefix.length());
        return models.find(id) == null
                ? error(XaiErrors.noSuchModel(id))
                : whole(XaiModels.describe(id));
    }

    private Reply deferred(String requestId) {
        return switch (deferred.fetch(requestId)) {
            case Deferred.Nothing _ ->
                    error(XaiErrors.plain(404, "Deferred completion not found."), true);
            case Deferred.Running _ -> new Reply.Whole(202, headers(), "");
            case Deferred.Ready(var completion) -> whole(completion);
        };
    }

    private Reply complete(Ask ask, String key) {
        return switch (validator.chat(ask)) {
            case Verdict.Bad(var error) -> error(error, true);
            case Verdict.Good(var request)
                    when request.lastUserText().contains("SIMULATE_UNAVAILABLE") ->
                    error(XaiErrors.usual(200), true);
            case Verdict.Good(var request) -> complete(request, ask, key);
        };
    }

    private Reply complete(XaiChatRequest request, Ask ask, String key) {
        var answer = chat.answer(request, ask.hugeBytes());
        long now = clock.instant().getEpochSecond();
        var json = new XaiChatJson(request, answer, usage(request, answer, key), uuid(), now);
        if (request.body().path("deferred").asBoolean()) {
            return whole(deferred.begin(json.whole(), uuid()));
        }
        return request.streams() ? events(json.events()) : whole(json.whole());
    }

    private String uuid() {
        return ids.nextUuid();
    }

    /** Reasoning stands beside the completion here, and the total counts it. */
    private ObjectNode usage(XaiChatRequest request, XaiChatAnswer answer, String key) {
        int prompt = request.promptTokens();
        var tools = request.body().path("tools");
        int seen = cache.read(key, request.modelId(), tools, request.messages());
        int cached = Math.min(prompt, seen);
        int made = answer.completionTokens() + answer.reasoningTokens();
        var usage =
                Trees.object()
                        .put("prompt_tokens", prompt)
                        .put("completion_tokens", answer.completionTokens())
                        .put("total_tokens", prompt + made);
        usage.putObject("prompt_tokens_details")
                .put("text_tokens", prompt)
                .put("audio_tokens", 0)
                .put("image_tokens", 0)
                .put("cached_tokens", cached);
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", answer.reasoningTokens())
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return usage.put("num_sources_used", 0)
                .put("cost_in_usd_ticks", XaiCost.ticks(request.model(), prompt, cached, made, 0));
    }

    private Reply respond(Ask ask, String key) {
        return switch (validator.responses(ask, key)) {
            case Verdict.Bad(var error) -> error(error);
            case Verdict.Good(var request) -> respond(request, ask);
        };
    }

    private Reply respond(XaiResponsesRequest request, Ask ask) {
        var response = responses.answer(request, ask.hugeBytes());
        if (!request.streams()) {
            return whole(response);
        }
        var events = new ArrayList<>(ResponseEvents.of(response, STYLE));
        if (request.tool("x_search") != null) {
            // Some streams say twice that they are done.
            var last = events.getLast();
            var done = Trees.own(last.data());
            ((ObjectNode) done).put("type", "response.done").put("sequence_number", events.size());
            events.add(new SseEvent("response.done", Trees.write(done)));
        }
        return events(events);
    }

    private Reply whole(ObjectNode body) {
        return new Reply.Whole(200, headers(), Trees.write(body));
    }

    private Reply events(List<SseEvent> events) {
        var headers = headers();
        headers.put("content-type", "text/event-stream");
        return new Reply.Events(headers, events);
    }

    @Override
    public Reply error(VendorError error) {
        return error(error, false);
    }

    private Reply error(VendorError error, boolean legacy) {
        return new Reply.Whole(error.status(), headers(), XaiErrors.body(error, legacy));
    }

    @Override
    public SseEvent errorEvent(VendorError error) {
        return new SseEvent(null, XaiErrors.body(error, true));
    }

    @Override
    public SseEvent errorEvent(VendorError error, List<SseEvent> stream, int sent) {
        boolean legacy = stream.getFirst().name() == null;
        return legacy ? errorEvent(error) : new SseEvent("error", XaiErrors.event(error, sent));
    }

    @Override
    public VendorError usualError(int status) {
        return XaiErrors.usual(status);
    }

    @Override
    public VendorError promptTooLong() {
        return XaiErrors.tooLong(1_234_567, 500_000);
    }

    @Override
    public boolean terminal(SseEvent event) {
        return event.data().equals("[DONE]")
                || "response.done".equals(event.name())
                || ResponseEvents.terminal(event);
    }

    private Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", "application/json");
        headers.put("x-request-id", uuid());
        headers.put("x-ratelimit-limit-requests", "1800");
        headers.put("x-ratelimit-remaining-requests", "1799");
        headers.put("x-ratelimit-limit-tokens", "10000000");
        headers.put("x-ratelimit-remaining-tokens", "9999000");
        return headers;
    }

    @Override
    public Map<String, String> waitHeaders(RetryHint hint, Duration wait) {
        return hint.headers(wait, clock.instant(), Map.of("x-ratelimit-remaining-requests", "0"));
    }
}
