package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals;
import dev.pillion.sidecar.simulate.responses.ReasoningSeals.Judgement;
import java.util.List;

/** A response as the vendor writes it: the answer, and an echo of what was asked. */
final class ResponseJson {
    private static final List<String> ECHOED =
            List.of(
                    "instructions",
                    "max_output_tokens",
                    "max_tool_calls",
                    "previous_response_id",
                    "prompt_cache_key",
                    "safety_identifier",
                    "user");

    private final ResponsesRequest request;
    private final ReasoningSeals seals;

    ResponseJson(ResponsesRequest request, ReasoningSeals seals) {
        this.request = request;
        this.seals = seals;
    }

    ObjectNode of(ResponsesAnswer answer, ObjectNode usage, String id, long nowSeconds) {
        var all =
                Trees.object()
                        .put("id", id)
                        .put("object", "response")
                        .put("created_at", nowSeconds)
                        .put("status", answer.status())
                        .put("background", request.body().path("background").asBoolean());
        all.putObject("billing").put("payer", "developer");
        all.put("completed_at", answer.incomplete() == null ? nowSeconds : null);
        ending(all, answer);
        all.put("model", request.model().resolve(request.modelId()));
        var output = all.putArray("output");
        answer.output().forEach(output::add);
        for (var field : ECHOED) {
            all.set(field, request.body().get(field));
        }
        settings(all);
        all.set("metadata", or(request.body().path("metadata"), Trees.object()));
        all.set("usage", answer.failed() ? null : usage);
        toolUsage(all.putObject("tool_usage"), answer.searches());
        ignored(all);
        return all;
    }

    private static void toolUsage(ObjectNode tools, int searches) {
        var images = tools.putObject("image_gen").put("input_tokens", 0);
        images.putObject("input_tokens_details").put("image_tokens", 0).put("text_tokens", 0);
        images.put("output_tokens", 0);
        images.putObject("output_tokens_details").put("image_tokens", 0).put("text_tokens", 0);
        images.put("total_tokens", 0);
        tools.putObject("web_search").put("num_requests", searches);
    }

    private static void ending(ObjectNode all, ResponsesAnswer answer) {
        if (answer.incomplete() == null) {
            all.putNull("incomplete_details");
        } else {
            all.putObject("incomplete_details").put("reason", answer.incomplete());
        }
        if (answer.failed()) {
            all.putObject("error")
                    .put("code", "server_error")
                    .put(
                            "message",
                            "An error occurred while processing your request. You can retry your"
                                    + " request.");
        } else {
            all.putNull("error");
        }
    }

    private void settings(ObjectNode all) {
        var body = request.body();
        all.put("parallel_tool_calls", body.path("parallel_tool_calls").asBoolean(true));
        all.put("temperature", body.path("temperature").asDouble(1));
        all.put("top_p", body.path("top_p").asDouble(1));
        all.put("top_logprobs", body.path("top_logprobs").asInt(0));
        all.put("frequency_penalty", 0.0).put("presence_penalty", 0.0);
        all.put("truncation", body.path("truncation").asText("disabled"));
        all.put("service_tier", tier(body.path("service_tier").asText()));
        all.put("store", request.stores());
        all.set("tool_choice", or(body.path("tool_choice"), Trees.text("auto")));
        all.set("tools", tools());
        all.set("text", text());
        all.set("reasoning", reasoning());
        all.putNull("access_programs").putNull("moderation");
    }

    private static String tier(String asked) {
        return switch (asked) {
            case "priority", "fast" -> "priority";
            case "flex" -> "flex";
            default -> "default";
        };
    }

    private JsonNode tools() {
        var tools = Trees.array();
        for (var tool : Trees.items(request.body().get("tools"))) {
            ObjectNode echo = tool.deepCopy();
            boolean function = tool.path("type").asText().equals("function");
            if (function && !Trees.has(tool, "strict")) {
                // Where the choice is left to the vendor, it is strict if the schema lets it.
                echo.put("strict", Schemas.flaw(tool.path("parameters"), true) == null);
            }
            tools.add(echo);
        }
        return tools;
    }

    private JsonNode text() {
        var text = Trees.object();
        text.set("format", or(request.format(), Trees.object().put("type", "text")));
        var verbosity = or(request.body().path("text").path("verbosity"), Trees.text("medium"));
        return text.set("verbosity", verbosity);
    }

    private JsonNode reasoning() {
        var asked = request.body().path("reasoning");
        var reasoning = Trees.object();
        var model = request.model();
        var effort = request.effort();
        reasoning.put("effort", effort != null || !model.reasons() ? effort : model.usualEffort());
        boolean summary = Trees.has(asked, "summary") || Trees.has(asked, "generate_summary");
        reasoning.put("summary", summary ? "detailed" : null);
        if (model.can(Skill.REASONING_MODE)) {
            reasoning.put("mode", asked.path("mode").asText("standard"));
            reasoning.put("context", "all_turns");
        }
        return reasoning;
    }

    /** Reasoning that another model or account made, and that this one could not use. */
    private void ignored(ObjectNode all) {
        var ignored = Trees.array();
        for (var item : request.input()) {
            var judgement = seals.judge(request.owner(), item);
            if (judgement == Judgement.OTHER_MODEL || judgement == Judgement.OTHER_ORGANIZATION) {
                boolean model = judgement == Judgement.OTHER_MODEL;
                ignored.addObject()
                        .put("type", "reasoning_ignored")
                        .put("item_id", Trees.string(item, "id"))
                        .put("reason", model ? "model_mismatch" : "organization_mismatch");
            }
        }
        if (!ignored.isEmpty()) {
            all.set("input_transformations", ignored);
        }
    }

    private static JsonNode or(JsonNode node, JsonNode otherwise) {
        return node.isMissingNode() || node.isNull() ? otherwise : node;
    }
}
