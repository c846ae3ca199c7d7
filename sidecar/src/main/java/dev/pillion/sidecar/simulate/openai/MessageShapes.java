package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.COUNT;
import static dev.pillion.sidecar.simulate.kit.Shape.FILLED;
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
import java.util.Map;

/** The messages of a request, by role. What SDKs echo of an answer is tolerated where it is. */
final class MessageShapes {
    private static final Shape NAME = matching("[^\\s<|\\\\/>]+", 64);
    private static final int MAX_PARTS = 100_000;
    private static final Shape BREAKPOINT =
            orNull(must("mode", choice("explicit")).may("ttl", orNull(choice("30m", "12h"))));
    private static final Fields TEXT_PART = breakable(typed("text").must("text", TEXT));
    private static final Fields IMAGE_PART =
            breakable(
                    typed("image_url")
                            .must(
                                    "image_url",
                                    either(
                                            FILLED,
                                            must("url", FILLED)
                                                    .may(
                                                            "detail",
                                                            orNull(
                                                                    choice(
                                                                            "auto",
                                                                            "low",
                                                                            "high",
                                                                            "original"))))));
    private static final Fields AUDIO_PART =
            breakable(
                    typed("input_audio")
                            .must(
                                    "input_audio",
                                    must("data", FILLED).must("format", choice("wav", "mp3"))));
    private static final Fields FILE_PART =
            breakable(
                    typed("file")
                            .must(
                                    "file",
                                    may("file_id", orNull(FILLED))
                                            .may("filename", orNull(TEXT))
                                            .may("file_data", orNull(FILLED))));
    private static final Fields REFUSAL_PART = typed("refusal").must("refusal", TEXT);

    static final Shape MESSAGE = message();

    private MessageShapes() {}

    private static Shape message() {
        var all = new LinkedHashMap<String, Shape>();
        all.put("system", instructions("system"));
        all.put("developer", instructions("developer"));
        all.put(
                "user",
                role("user").must("content", content(userParts())).may("name", orNull(NAME)));
        all.put("assistant", assistant());
        all.put(
                "tool",
                role("tool")
                        .must("content", content(userParts()))
                        .must("tool_call_id", FILLED)
                        .may("name", orNull(NAME)));
        all.put("function", role("function").must("name", FILLED).must("content", orNull(TEXT)));
        return new Tagged("role", all, null);
    }

    private static Fields role(String role) {
        return must("role", choice(role));
    }

    private static Shape content(Shape parts) {
        return either(TEXT, items(parts, 1, MAX_PARTS));
    }

    private static Fields instructions(String role) {
        // An image here is refused by a rule of its own, in the vendor's own words.
        return role(role).must("content", content(userParts())).may("name", orNull(NAME));
    }

    private static Shape userParts() {
        return ChatShapes.tagged(
                Map.of(
                        "text", TEXT_PART,
                        "image_url", IMAGE_PART,
                        "input_audio", AUDIO_PART,
                        "file", FILE_PART));
    }

    private static Fields assistant() {
        var parts = ChatShapes.tagged(Map.of("text", TEXT_PART, "refusal", REFUSAL_PART));
        return role("assistant")
                .may("content", orNull(content(parts)))
                .may("refusal", orNull(TEXT))
                .may("name", orNull(NAME))
                .may("audio", orNull(must("id", FILLED)))
                .may("tool_calls", orNull(items(toolCall(), 1, MAX_PARTS)))
                .may("function_call", orNull(must("name", FILLED).must("arguments", TEXT)))
                .may("annotations", orNull(items(ANY)));
    }

    private static Shape toolCall() {
        var function = must("name", FILLED).must("arguments", TEXT);
        var custom = must("name", FILLED).must("input", TEXT);
        return ChatShapes.tagged(
                Map.of(
                        "function",
                        typed("function")
                                .must("id", FILLED)
                                .must("function", function)
                                .may("index", COUNT),
                        "custom",
                        typed("custom")
                                .must("id", FILLED)
                                .must("custom", custom)
                                .may("index", COUNT)));
    }

    private static Fields breakable(Fields part) {
        return part.may("prompt_cache_breakpoint", BREAKPOINT);
    }
}
