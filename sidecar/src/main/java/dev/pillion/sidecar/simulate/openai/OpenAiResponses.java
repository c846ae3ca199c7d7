package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Ask;
import dev.pillion.sidecar.simulate.kit.CachedPrefix;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Verdict;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import java.time.Clock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Responses API: answers, and keeps what it is asked to keep. */
final class OpenAiResponses {
    private final Clock clock;
    private final Ids ids;
    private final CachedPrefix cache;
    private final ResponsesMemory memory = new ResponsesMemory(false);
    private final ReasoningSeals seals = seals();
    private final ResponsesValidator validator = new ResponsesValidator(memory, seals);
    private final ResponsesAnswerer answerer;

    OpenAiResponses(Clock clock, Ids ids, CachedPrefix cache) {
        this.clock = clock;
        this.ids = ids;
        this.cache = cache;
        this.answerer = new ResponsesAnswerer(ids, seals);
    }

    /** Seals that begin like the real vendor's. */
    static ReasoningSeals seals() {
        return new ReasoningSeals("gAAAABsimPillion", Pattern.compile("gAAAA[A-Za-z0-9_=-]+"));
    }

    Verdict<ResponsesRequest> check(Ask ask, String account) {
        return validator.check(ask, account);
    }

    Verdict<ResponsesRequest> checkToCount(Ask ask, String account) {
        return validator.checkToCount(ask, account);
    }

    ObjectNode answer(ResponsesRequest request, int hugeBytes) {
        var answer = answerer.answer(request, hugeBytes);
        var response =
                new ResponseJson(request, seals)
                        .of(
                                answer,
                                usage(request, answer),
                                ids.nextHex("resp_"),
                                clock.instant().getEpochSecond());
        if (request.stores()) {
            memory.keep(request.account(), request.items(), response);
        }
        if (!request.body().path("background").asBoolean()) {
            return response;
        }
        var queued = response.deepCopy().put("status", "queued").putNull("usage");
        queued.putNull("completed_at").putArray("output");
        return queued;
    }

    private ObjectNode usage(ResponsesRequest request, ResponsesAnswer answer) {
        int input = request.promptTokens();
        var head = Trees.object();
        head.set("tools", request.body().path("tools"));
        head.set("instructions", request.body().path("instructions"));
        int read = cache.read(request.account(), request.modelId(), head, request.items());
        int cached = Math.min(read, input);
        boolean writes = request.model().can(Skill.EXPLICIT_CACHE);
        var usage = Trees.object().put("input_tokens", input);
        usage.putObject("input_tokens_details")
                .put("cached_tokens", cached)
                .put("cache_write_tokens", CachedPrefix.written(writes, input - cached));
        usage.put("output_tokens", answer.outputTokens());
        usage.putObject("output_tokens_details").put("reasoning_tokens", answer.reasoningTokens());
        return usage.put("total_tokens", input + answer.outputTokens());
    }

    @Nullable ObjectNode stored(String account, String id) {
        return memory.response(account, id);
    }

    boolean forget(String account, String id) {
        return memory.forget(account, id);
    }
}
