package dev.pillion.sidecar.simulate.xai;

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

/** A request to xAI's Responses: what it has in common with OpenAI's, and what it has not. */
final class XaiResponsesShapes {
    static final Shape REQUEST = request();

    private XaiResponsesShapes() {}

    private static Shape request() {
        var all = new LinkedHashMap<String, Shape>();
        state(all);
        sampling(all);
        all.put("text", may("format", orNull(format())));
        all.put("tools", items(XaiToolShapes.TOOL, 0, XaiChatShapes.MAX_TOOLS));
        all.put(
                "tool_choice",
                either(
                        choice("none", "auto", "required"),
                        typed("function").must("name", XaiChatShapes.NAME)));
        all.put("parallel_tool_calls", FLAG);
        ignored(all);
        var shape =
                must("model", FILLED)
                        .must("input", either(TEXT, items(XaiInputShapes.ITEM, 1, 100_000)));
        for (var entry : all.entrySet()) {
            shape = shape.may(entry.getKey(), orNull(entry.getValue()));
        }
        return shape;
    }

    private static void state(Map<String, Shape> all) {
        all.put("instructions", TEXT);
        all.put("previous_response_id", FILLED);
        all.put("store", FLAG);
        all.put(
                "include",
                items(
                        choice(
                                "file_search_call.results",
                                "web_search_call.action.sources",
                                "code_interpreter_call.outputs",
                                "reasoning.encrypted_content",
                                "no_inline_citations")));
        all.put("stream", FLAG);
        all.put("prompt_cache_key", TEXT);
        all.put("safety_identifier", TEXT);
        all.put("user", TEXT);
        all.put("service_tier", choice("default", "priority"));
    }

    private static void sampling(Map<String, Shape> all) {
        all.put("max_output_tokens", new Whole(1, 10_000_000));
        all.put("max_turns", new Whole(1, 1_000));
        all.put("temperature", new Decimal(0, 2));
        all.put("top_p", new Decimal(0, 1));
        all.put("top_k", new Whole(0, 1_000_000));
        all.put("min_p", new Decimal(0, 1));
        all.put("seed", new Whole(Long.MIN_VALUE, Long.MAX_VALUE));
        all.put("logprobs", FLAG);
        all.put("top_logprobs", new Whole(0, 8));
        all.put(
                "reasoning",
                may("effort", orNull(XaiChatShapes.EFFORT))
                        .may("summary", orNull(choice("auto", "concise", "detailed"))));
    }

    /** What is taken without any effect. */
    private static void ignored(Map<String, Shape> all) {
        all.put("metadata", OBJECT);
        all.put("truncation", choice("auto", "disabled"));
        all.put("background", FLAG);
        all.put("max_tool_calls", new Whole(1, 10_000));
    }

    private static Shape format() {
        return XaiChatShapes.tagged(
                Map.of(
                        "text", typed("text"),
                        "json_object", typed("json_object"),
                        "json_schema",
                                typed("json_schema")
                                        .must("name", XaiChatShapes.NAME)
                                        .must("schema", OBJECT)
                                        .may("description", orNull(TEXT))
                                        .may("strict", orNull(FLAG))));
    }
}
