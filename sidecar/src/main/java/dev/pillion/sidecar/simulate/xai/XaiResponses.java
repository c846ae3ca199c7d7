package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.CachedPrefix;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import dev.pillion.sidecar.simulate.responses.ResponsesMemory;
import dev.pillion.sidecar.simulate.xai.XaiResponsesAnswerer.Said;
import java.time.Clock;
import java.util.List;

/** Responses as this vendor makes and writes them. */
final class XaiResponses {
    private static final List<String> ECHOED =
            List.of(
                    "instructions",
                    "max_output_tokens",
                    "max_tool_calls",
                    "previous_response_id",
                    "prompt_cache_key",
                    "safety_identifier",
                    "user");

    private final Clock clock;
    private final Ids ids;
    private final CachedPrefix cache;
    private final ResponsesMemory memory;
    private final XaiResponsesAnswerer answerer;

    XaiResponses(
            Clock clock,
            Ids ids,
            CachedPrefix cache,
            ResponsesMemory memory,
            ReasoningSeals seals) {
        this.clock = clock;
        this.ids = ids;
        this.cache = cache;
        this.memory = memory;
        this.answerer = new XaiResponsesAnswerer(ids, seals);
    }

    ObjectNode answer(XaiResponsesRequest request, int hugeBytes) {
        var uuid = ids.nextUuid();
        var said = answerer.answer(request, uuid, hugeBytes);
        var response = json(request, said, uuid);
        if (request.stores()) {
            memory.keep(request.account(), request.items(), response);
        }
        return response;
    }

    private ObjectNode json(XaiResponsesRequest request, Said said, String uuid) {
        long now = clock.instant().getEpochSecond();
        var body = request.body();
        var all =
                Trees.object()
                        .put("created_at", now)
                        .put("completed_at", now)
                        .put("id", uuid)
                        .put("model", request.model().sample())
                        .put("object", "response");
        var output = all.putArray("output");
        said.output().forEach(output::add);
        for (var field : ECHOED) {
            all.set(field, body.get(field));
        }
        all.put("parallel_tool_calls", body.path("parallel_tool_calls").asBoolean(true));
        all.putObject("reasoning")
                .put("effort", request.reasons() ? effort(request) : null)
                .put("summary", "detailed");
        all.put("temperature", body.path("temperature").asDouble(0.7));
        all.put("top_p", body.path("top_p").asDouble(0.95));
        var plain = Trees.object().put("type", "text");
        var format = request.format().isObject() ? request.format() : plain;
        all.putObject("text").set("format", format);
        boolean chosen = request.has("tool_choice");
        all.set("tool_choice", chosen ? body.get("tool_choice") : Trees.text("auto"));
        all.set("tools", request.has("tools") ? body.get("tools") : Trees.array());
        all.set("usage", usage(request, said));
        if (said.incomplete() == null) {
            all.putNull("incomplete_details").put("status", "completed");
        } else {
            all.putObject("incomplete_details").put("reason", said.incomplete());
            all.put("status", "incomplete");
        }
        all.put("store", request.stores());
        all.putObject("metadata").put("system_fingerprint", "fp_51mu1a7ed0");
        all.put("background", false).put("truncation", "disabled").putNull("error");
        return all.put("service_tier", body.path("service_tier").asText("default"));
    }

    private static String effort(XaiResponsesRequest request) {
        var effort = request.effort();
        return effort == null ? request.model().usualEffort() : effort;
    }

    /** Every search is another round, whose prompt counts again. */
    private ObjectNode usage(XaiResponsesRequest request, Said said) {
        int context = request.promptTokens();
        int searches = said.searches().size();
        var head = Trees.object();
        head.set("tools", request.body().path("tools"));
        head.set("instructions", request.body().path("instructions"));
        int seen = cache.read(request.account(), request.modelId(), head, request.items());
        int cached = Math.min(seen, context) + searches * context;
        int input = context * (1 + searches);
        var usage = Trees.object().put("input_tokens", input);
        usage.putObject("input_tokens_details").put("cached_tokens", cached);
        usage.put("output_tokens", said.outputTokens());
        usage.putObject("output_tokens_details").put("reasoning_tokens", said.reasoningTokens());
        usage.put("total_tokens", input + said.outputTokens())
                .put("num_sources_used", said.sources())
                .put("num_server_side_tools_used", searches);
        if (searches > 0) {
            usage.set("server_side_tool_usage_details", served(said.searches()));
        }
        usage.putObject("context_details")
                .put("input_tokens", context)
                .put("output_tokens", said.outputTokens());
        long ticks = XaiCost.ticks(request.model(), input, cached, said.outputTokens(), searches);
        return usage.put("cost_in_usd_ticks", ticks);
    }

    private static JsonNode served(List<ObjectNode> searches) {
        long web =
                searches.stream()
                        .filter(call -> call.path("type").asText().equals("web_search_call"))
                        .count();
        return Trees.object()
                .put("web_search_calls", web)
                .put("x_search_calls", searches.size() - web)
                .put("code_interpreter_calls", 0)
                .put("file_search_calls", 0)
                .put("mcp_calls", 0)
                .put("document_search_calls", 0)
                .put("image_generation_calls", 0);
    }
}
