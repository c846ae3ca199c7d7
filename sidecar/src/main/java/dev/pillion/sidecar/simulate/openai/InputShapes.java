package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.either;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.matching;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.must;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Tagged;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The items of {@code input}, by their type; one without a type is a message. */
final class InputShapes {
    private static final int MAX_PARTS = 100_000;
    private static final Shape CALL_ID = new Shape.Text(1, 64, null);
    private static final Shape NAME = matching("[a-zA-Z0-9_-]+", 128);
    private static final Shape STATUS =
            orNull(choice("in_progress", "completed", "incomplete", "searching", "failed"));
    private static final Shape BREAKPOINT =
            orNull(must("mode", choice("explicit")).may("ttl", orNull(choice("30m", "12h"))));

    private static final Shape INPUT_PART =
            ChatShapes.tagged(
                    Map.of(
                            "input_text", breakable(typed("input_text").must("text", TEXT)),
                            "input_image", image(),
                            "input_file", file(),
                            "input_audio", audio()));
    private static final Shape SAID_PART =
            ChatShapes.tagged(
                    Map.of(
                            "output_text",
                            typed("output_text")
                                    .must("text", TEXT)
                                    .may("annotations", orNull(items(annotation())))
                                    .may("logprobs", orNull(items(ANY))),
                            "refusal",
                            typed("refusal").must("refusal", TEXT)));

    static final Shape ITEM = item();

    private InputShapes() {}

    private static Fields breakable(Fields part) {
        return part.may("prompt_cache_breakpoint", BREAKPOINT);
    }

    private static Fields image() {
        return breakable(
                typed("input_image")
                        .may("image_url", orNull(FILLED))
                        .may("file_id", orNull(FILLED))
                        .may("detail", orNull(choice("auto", "low", "high", "original"))));
    }

    private static Fields file() {
        return breakable(
                typed("input_file")
                        .may("file_id", orNull(FILLED))
                        .may("file_data", orNull(FILLED))
                        .may("file_url", orNull(FILLED))
                        .may("filename", orNull(TEXT))
                        .may("detail", orNull(choice("auto", "low", "high"))));
    }

    private static Fields audio() {
        return breakable(
                typed("input_audio")
                        .must(
                                "input_audio",
                                must("data", FILLED).must("format", choice("wav", "mp3"))));
    }

    private static Shape annotation() {
        var place = Shape.COUNT;
        return ChatShapes.tagged(
                Map.of(
                        "url_citation",
                        typed("url_citation")
                                .must("url", FILLED)
                                .must("title", TEXT)
                                .must("start_index", place)
                                .must("end_index", place),
                        "file_citation",
                        typed("file_citation")
                                .must("file_id", FILLED)
                                .must("index", place)
                                .may("filename", orNull(TEXT)),
                        "container_file_citation",
                        typed("container_file_citation")
                                .must("container_id", FILLED)
                                .must("file_id", FILLED)
                                .must("start_index", place)
                                .must("end_index", place)
                                .may("filename", orNull(TEXT)),
                        "file_path",
                        typed("file_path").must("file_id", FILLED).must("index", place)));
    }

    private static Shape item() {
        var all = new LinkedHashMap<String, Shape>();
        all.put("message", message());
        calls(all);
        all.put("reasoning", reasoning());
        all.put("item_reference", typed("item_reference").must("id", FILLED));
        ServerItemShapes.addTo(all);
        return new Tagged("type", all, message());
    }

    private static Shape message() {
        var all = new LinkedHashMap<String, Shape>();
        for (var role : List.of("user", "system", "developer")) {
            all.put(role, said(role, INPUT_PART));
        }
        all.put(
                "assistant",
                said("assistant", SAID_PART)
                        .may("phase", orNull(choice("commentary", "final_answer"))));
        return new Tagged("role", all, null);
    }

    private static Fields said(String role, Shape part) {
        return may("type", orNull(choice("message")))
                .must("role", choice(role))
                .must("content", either(TEXT, items(part, 1, MAX_PARTS)))
                .may("id", orNull(FILLED))
                .may("status", STATUS);
    }

    /** A typed item with what every one of them may have. */
    static Fields item(String type) {
        return typed(type).may("id", orNull(FILLED)).may("status", STATUS);
    }

    private static void calls(Map<String, Shape> all) {
        var output = either(TEXT, items(INPUT_PART, 0, MAX_PARTS));
        all.put(
                "function_call",
                item("function_call")
                        .must("call_id", CALL_ID)
                        .must("name", NAME)
                        .must("arguments", TEXT)
                        .may("namespace", orNull(FILLED))
                        .may("caller", orNull(OBJECT))
                        .may("async", orNull(FLAG)));
        all.put(
                "function_call_output",
                item("function_call_output").must("call_id", CALL_ID).must("output", output));
        all.put(
                "custom_tool_call",
                item("custom_tool_call")
                        .must("call_id", CALL_ID)
                        .must("name", NAME)
                        .must("input", TEXT)
                        .may("namespace", orNull(FILLED)));
        all.put(
                "custom_tool_call_output",
                item("custom_tool_call_output").must("call_id", CALL_ID).must("output", output));
    }

    private static Fields reasoning() {
        var summary = typed("summary_text").must("text", TEXT);
        var content = typed("reasoning_text").must("text", TEXT);
        return item("reasoning")
                .must("summary", items(summary))
                .may("content", orNull(items(content)))
                .may("encrypted_content", orNull(FILLED));
    }
}
