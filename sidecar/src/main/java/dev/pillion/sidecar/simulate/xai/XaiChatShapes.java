package dev.pillion.sidecar.simulate.xai;

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
import dev.pillion.sidecar.simulate.kit.Shape.Decimal;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Tagged;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request to the legacy Chat Completions. */
final class XaiChatShapes {
    static final Shape NAME = matching("[a-zA-Z0-9_-]+", 64);
    static final int MAX_TOOLS = 128;
    static final Shape EFFORT = choice("none", "low", "medium", "high", "xhigh");
    private static final int MAX_MESSAGES = 100_000;
    private static final Whole TOKENS = new Whole(1, 10_000_000);

    static final Shape REQUEST = request();

    private XaiChatShapes() {}

    static Shape tagged(Map<String, Shape> variants) {
        return new Tagged("type", new LinkedHashMap<>(variants), null);
    }

    private static Shape request() {
        var all = new LinkedHashMap<String, Shape>();
        sampling(all);
        tools(all);
        all.put("reasoning_effort", EFFORT);
        all.put("service_tier", choice("default", "priority"));
        all.put("deferred", FLAG);
        all.put("user", TEXT);
        all.put("stream", FLAG);
        all.put("stream_options", may("include_usage", FLAG));
        var shape = must("model", FILLED).must("messages", items(message(), 1, MAX_MESSAGES));
        for (var entry : all.entrySet()) {
            shape = shape.may(entry.getKey(), orNull(entry.getValue()));
        }
        return shape;
    }

    private static void sampling(Map<String, Shape> all) {
        all.put("max_completion_tokens", TOKENS);
        all.put("max_tokens", TOKENS);
        all.put("temperature", new Decimal(0, 2));
        all.put("top_p", new Decimal(0, 1));
        all.put("n", new Whole(1, 128));
        all.put("stop", either(FILLED, items(FILLED, 1, 8)));
        all.put("presence_penalty", new Decimal(-2, 2));
        all.put("frequency_penalty", new Decimal(-2, 2));
        all.put("seed", new Whole(Long.MIN_VALUE, Long.MAX_VALUE));
        all.put("logprobs", FLAG);
        all.put("top_logprobs", new Whole(0, 8));
    }

    private static void tools(Map<String, Shape> all) {
        var function =
                must("name", NAME)
                        .may("description", orNull(TEXT))
                        .may("parameters", orNull(OBJECT))
                        .may("strict", orNull(FLAG));
        all.put("tools", items(typed("function").must("function", function), 0, MAX_TOOLS));
        all.put(
                "tool_choice",
                either(
                        choice("none", "auto", "required"),
                        typed("function").must("function", must("name", NAME))));
        all.put("parallel_tool_calls", FLAG);
        all.put("parallel_function_calling", FLAG);
        var schema =
                must("name", NAME)
                        .must("schema", OBJECT)
                        .may("description", orNull(TEXT))
                        .may("strict", orNull(FLAG));
        all.put(
                "response_format",
                tagged(
                        Map.of(
                                "text", typed("text"),
                                "json_object", typed("json_object"),
                                "json_schema", typed("json_schema").must("json_schema", schema))));
    }

    private static Shape message() {
        var all = new LinkedHashMap<String, Shape>();
        var text = typed("text").must("text", TEXT);
        for (var role : List.of("system", "developer")) {
            all.put(role, said(role, either(TEXT, items(text, 1, MAX_MESSAGES))));
        }
        var parts = either(TEXT, items(userPart(text), 1, MAX_MESSAGES));
        all.put("user", said("user", parts));
        // Images in results of tools are taken, unlike at OpenAI's.
        all.put("tool", said("tool", parts).must("tool_call_id", FILLED));
        all.put("assistant", assistant(text));
        return new Tagged("role", all, null);
    }

    private static Fields said(String role, Shape content) {
        return must("role", choice(role)).must("content", content).may("name", orNull(TEXT));
    }

    private static Shape userPart(Shape text) {
        // An unknown detail is ignored, whatever it is.
        var image = must("url", FILLED).may("detail", orNull(TEXT));
        return tagged(
                Map.of(
                        "text",
                        text,
                        "image_url",
                        typed("image_url").must("image_url", image),
                        "file",
                        typed("file").must("file", must("file_id", FILLED))));
    }

    private static Fields assistant(Shape text) {
        var function = must("name", FILLED).must("arguments", TEXT);
        var call =
                typed("function")
                        .must("id", FILLED)
                        .must("function", function)
                        .may("index", orNull(Shape.COUNT));
        return must("role", choice("assistant"))
                .may("content", orNull(either(TEXT, items(text, 1, MAX_MESSAGES))))
                .may("refusal", orNull(TEXT))
                .may("reasoning", orNull(TEXT))
                .may("reasoning_content", orNull(TEXT))
                .may("name", orNull(TEXT))
                .may("tool_calls", orNull(items(call, 1, MAX_MESSAGES)));
    }
}
