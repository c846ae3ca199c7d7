package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.matching;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.orNull;
import static dev.pillion.sidecar.simulate.kit.Shape.typed;

import dev.pillion.sidecar.simulate.kit.Shape;
import java.util.Map;

/** Settings of Responses that stand at the top of a request and in items of it. */
final class SettingShapes {
    static final Shape NAME = matching("[a-zA-Z0-9_-]+", 64);

    private SettingShapes() {}

    static Shape reasoning() {
        return may(
                        "effort",
                        orNull(choice("none", "minimal", "low", "medium", "high", "xhigh", "max")))
                .may("summary", orNull(choice("auto", "concise", "detailed")))
                .may("mode", orNull(choice("standard", "pro")))
                .may("context", orNull(choice("auto", "current_turn", "all_turns")))
                .may("generate_summary", orNull(choice("auto", "concise", "detailed")));
    }

    static Shape format() {
        var schema =
                typed("json_schema")
                        .must("name", NAME)
                        .must("schema", OBJECT)
                        .may("description", orNull(TEXT))
                        .may("strict", orNull(FLAG));
        return ChatShapes.tagged(
                Map.of(
                        "text", typed("text"),
                        "json_object", typed("json_object"),
                        "json_schema", schema));
    }
}
