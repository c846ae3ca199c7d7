package dev.pillion.sidecar.simulate.xai;

import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.either;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Tagged;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The items of {@code input} on xAI's Responses. */
final class XaiInputShapes {
    private static final int MAX_PARTS = 100_000;
    private static final Shape STATUS = orNull(choice("in_progress", "completed", "incomplete"));
    private static final Shape TEXT_PART = typed("input_text").must("text", TEXT);
    private static final Shape IMAGE_PART =
            typed("input_image").must("image_url", FILLED).may("detail", orNull(TEXT));

    static final Shape ITEM = item();

    private XaiInputShapes() {}

    private static Shape item() {
        var all = new LinkedHashMap<String, Shape>();
        all.put("message", message());
        all.put(
                "function_call",
                typed("function_call")
                        .must("call_id", FILLED)
                        .must("name", FILLED)
                        .must("arguments", TEXT)
                        .may("id", orNull(FILLED))
                        .may("status", STATUS));
        var output =
                items(
                        XaiChatShapes.tagged(
                                Map.of("input_text", TEXT_PART, "input_image", IMAGE_PART)),
                        1,
                        MAX_PARTS);
        all.put(
                "function_call_output",
                typed("function_call_output")
                        .must("call_id", FILLED)
                        .must("output", either(TEXT, output))
                        .may("id", orNull(FILLED))
                        .may("status", STATUS));
        all.put("reasoning", reasoning());
        for (var type : serverItems()) {
            all.put(type, served(type));
        }
        return new Tagged("type", all, message());
    }

    private static List<String> serverItems() {
        return List.of(
                "web_search_call",
                "x_search_call",
                "code_interpreter_call",
                "custom_tool_call",
                "file_search_call",
                "mcp_call");
    }

    private static Fields reasoning() {
        var text = typed("summary_text").must("text", TEXT);
        return typed("reasoning")
                .must("summary", items(text))
                .may("id", orNull(FILLED))
                .may("status", STATUS)
                .may("content", orNull(items(OBJECT)))
                .may("encrypted_content", orNull(FILLED));
    }

    /** What the vendor ran itself, as it was received. */
    private static Fields served(String type) {
        var shape = typed(type).must("id", FILLED).may("status", STATUS);
        for (var field : List.of("call_id", "name", "arguments", "input", "server_label", "code")) {
            shape = shape.may(field, orNull(TEXT));
        }
        for (var field : List.of("action", "outputs", "output", "error", "queries", "results")) {
            shape = shape.may(field, ANY);
        }
        return shape;
    }

    private static Shape message() {
        var all = new LinkedHashMap<String, Shape>();
        for (var role : List.of("system", "developer")) {
            all.put(role, said(role, TEXT));
        }
        var file =
                typed("input_file").may("file_id", orNull(FILLED)).may("file_url", orNull(FILLED));
        var parts =
                XaiChatShapes.tagged(
                        Map.of(
                                "input_text", TEXT_PART,
                                "input_image", IMAGE_PART,
                                "input_file", file));
        all.put("user", said("user", either(TEXT, items(parts, 1, MAX_PARTS))));
        var output =
                typed("output_text")
                        .must("text", TEXT)
                        .may("annotations", orNull(items(OBJECT)))
                        .may("logprobs", orNull(items(ANY)));
        all.put("assistant", said("assistant", either(TEXT, items(output, 1, MAX_PARTS))));
        return new Tagged("role", all, null);
    }

    private static Fields said(String role, Shape content) {
        return may("type", orNull(choice("message")))
                .must("role", choice(role))
                .must("content", content)
                .may("id", orNull(FILLED))
                .may("status", STATUS);
    }
}
