package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.either;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.must;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Decimal;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request to Responses (OpenAPI document 2.3.0, 2026-08-21, and later probes). */
final class ResponsesShapes {
    private static final int MAX_ITEMS = 100_000;

    static final Shape REQUEST = request(false);

    /** What {@code POST /v1/responses/input_tokens} takes: that which makes the prompt. */
    static final Shape COUNT_REQUEST = request(true);

    private ResponsesShapes() {}

    private static Shape request(boolean counting) {
        var all = new LinkedHashMap<String, Shape>();
        prompt(all);
        tools(all);
        if (!counting) {
            length(all);
            state(all);
            rest(all);
        }
        var shape = may("model", FILLED);
        for (var entry : all.entrySet()) {
            shape = shape.may(entry.getKey(), orNull(entry.getValue()));
        }
        return shape;
    }

    private static void prompt(Map<String, Shape> all) {
        all.put("input", either(TEXT, items(InputShapes.ITEM, 0, MAX_ITEMS)));
        all.put("instructions", TEXT);
        all.put("previous_response_id", FILLED);
        all.put("conversation", either(FILLED, must("id", FILLED)));
        all.put(
                "text",
                may("format", SettingShapes.format()).may("verbosity", orNull(verbosity())));
        all.put("truncation", choice("auto", "disabled"));
        all.put("reasoning", SettingShapes.reasoning());
    }

    private static Shape verbosity() {
        return choice("low", "medium", "high");
    }

    private static void tools(Map<String, Shape> all) {
        all.put("tools", items(ResponsesToolShapes.TOOL, 0, 128));
        all.put("tool_choice", ResponsesToolShapes.CHOICE);
        all.put("parallel_tool_calls", FLAG);
    }

    private static void length(Map<String, Shape> all) {
        all.put("max_output_tokens", new Whole(16, 10_000_000));
        all.put("max_tool_calls", new Whole(1, 10_000));
        all.put("temperature", new Decimal(0, 2));
        all.put("top_p", new Decimal(0, 1));
        all.put("top_logprobs", new Whole(0, 20));
        all.put("stream", FLAG);
        all.put("stream_options", may("include_obfuscation", FLAG));
    }

    private static void state(Map<String, Shape> all) {
        all.put("store", FLAG);
        all.put("background", FLAG);
        all.put(
                "include",
                items(
                        choice(
                                "file_search_call.results",
                                "web_search_call.results",
                                "web_search_call.action.sources",
                                "message.input_image.image_url",
                                "computer_call_output.output.image_url",
                                "code_interpreter_call.outputs",
                                "reasoning.encrypted_content",
                                "message.output_text.logprobs")));
        var compaction =
                typed("compaction").may("compact_threshold", orNull(new Whole(1_000, 10_000_000)));
        all.put("context_management", items(compaction, 1, 16));
        all.put(
                "prompt",
                must("id", FILLED).may("version", orNull(FILLED)).may("variables", orNull(OBJECT)));
    }

    private static void rest(Map<String, Shape> all) {
        all.put("metadata", OBJECT);
        all.put(
                "service_tier",
                choice("auto", "default", "flex", "scale", "priority", "fast", "ultrafast"));
        all.put("prompt_cache_key", TEXT);
        all.put(
                "prompt_cache_options",
                may("mode", choice("implicit", "explicit"))
                        .may("ttl", choice("30m", "12h"))
                        .may("comparison_response_id", orNull(FILLED))
                        .may("prewarm", orNull(FLAG)));
        all.put("prompt_cache_retention", choice("in_memory", "in-memory", "24h"));
        all.put("safety_identifier", new Shape.Text(0, 128, null));
        all.put("user", TEXT);
        var mode = orNull(must("mode", choice("score", "block")));
        all.put(
                "moderation",
                must("model", FILLED)
                        .may("policy", orNull(may("input", mode).may("output", mode))));
        all.put("image", may("context_compression", choice("auto", "enabled", "disabled")));
        all.put("access_programs", may("cyber", orNull(ANY)));
    }
}
