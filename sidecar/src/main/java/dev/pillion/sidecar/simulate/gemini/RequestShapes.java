package dev.pillion.sidecar.simulate.gemini;

import static dev.pillion.sidecar.simulate.kit.Shape.ANY;
import static dev.pillion.sidecar.simulate.kit.Shape.FLAG;
import static dev.pillion.sidecar.simulate.kit.Shape.OBJECT;
import static dev.pillion.sidecar.simulate.kit.Shape.TEXT;
import static dev.pillion.sidecar.simulate.kit.Shape.choice;
import static dev.pillion.sidecar.simulate.kit.Shape.items;
import static dev.pillion.sidecar.simulate.kit.Shape.may;
import static dev.pillion.sidecar.simulate.kit.Shape.must;

import dev.pillion.sidecar.simulate.kit.Shape;
import dev.pillion.sidecar.simulate.kit.Shape.Decimal;
import dev.pillion.sidecar.simulate.kit.Shape.Fields;
import dev.pillion.sidecar.simulate.kit.Shape.Whole;

/**
 * Requests to generateContent and countTokens (SDK types 3.1.0, 2026-11-10). Vertex takes a few
 * fields more, and lacks a few.
 */
final class RequestShapes {
    private static final Shape WHOLE = new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
    private static final Shape CATEGORY =
            choice(
                    "HARM_CATEGORY_HARASSMENT",
                    "HARM_CATEGORY_HATE_SPEECH",
                    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
                    "HARM_CATEGORY_DANGEROUS_CONTENT",
                    "HARM_CATEGORY_CIVIC_INTEGRITY");
    private static final Shape THRESHOLD =
            choice(
                    "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
                    "BLOCK_LOW_AND_ABOVE",
                    "BLOCK_MEDIUM_AND_ABOVE",
                    "BLOCK_ONLY_HIGH",
                    "BLOCK_NONE",
                    "OFF");
    private static final Fields SAFETY = must("category", CATEGORY).must("threshold", THRESHOLD);
    private static final Fields THINKING =
            may("thinkingBudget", WHOLE)
                    .may(
                            "thinkingLevel",
                            choice(
                                    "THINKING_LEVEL_UNSPECIFIED",
                                    "MINIMAL",
                                    "LOW",
                                    "MEDIUM",
                                    "HIGH",
                                    "XHIGH"))
                    .may("includeThoughts", FLAG);
    static final Shape SYSTEM = may("role", TEXT).must("parts", items(PartShapes.PART, 1, 100_000));

    private static final Fields CONFIG = config();
    static final Fields DEVELOPER =
            common(CONFIG, ToolShapes.DEVELOPER, SAFETY)
                    .may("store", FLAG)
                    .may("continuationToken", PartShapes.BYTES);
    static final Fields VERTEX =
            common(
                            CONFIG.may("routingConfig", OBJECT)
                                    .may("modelSelectionConfig", OBJECT)
                                    .may("audioTimestamp", FLAG),
                            ToolShapes.VERTEX,
                            SAFETY.may("method", choice("SEVERITY", "PROBABILITY")))
                    .may(
                            "modelArmorConfig",
                            may("promptTemplateName", TEXT).may("responseTemplateName", TEXT));

    static final Fields COUNT =
            may("contents", items(PartShapes.CONTENT, 1, 100_000))
                    .may("generateContentRequest", DEVELOPER.must("model", TEXT));
    static final Fields VERTEX_COUNT =
            may("contents", items(PartShapes.CONTENT, 1, 100_000))
                    .may("systemInstruction", SYSTEM)
                    .may("tools", items(ToolShapes.VERTEX))
                    .may("generationConfig", CONFIG);

    private RequestShapes() {}

    private static Fields common(Fields config, Fields tool, Fields safety) {
        return must("contents", items(PartShapes.CONTENT, 1, 100_000))
                .may("model", TEXT)
                .may("systemInstruction", SYSTEM)
                .may("tools", items(tool))
                .may("toolConfig", ToolShapes.CONFIG)
                .may("safetySettings", items(safety))
                .may("generationConfig", config)
                .may("cachedContent", TEXT)
                .may("serviceTier", choice("STANDARD", "FLEX", "PRIORITY"))
                .may("labels", OBJECT);
    }

    private static Fields config() {
        return may("temperature", new Decimal(0, 2))
                .may("topP", new Decimal(0, 1))
                .may("topK", new Decimal(1, 1_000))
                .may("candidateCount", new Whole(1, 8))
                .may("maxOutputTokens", new Whole(1, Integer.MAX_VALUE))
                .may("stopSequences", items(TEXT, 0, 5))
                .may("presencePenalty", new Decimal(-2, 1.999_999))
                .may("frequencyPenalty", new Decimal(-2, 1.999_999))
                .may("seed", WHOLE)
                .may("responseLogprobs", FLAG)
                .may("logprobs", new Whole(1, 20))
                .may("responseMimeType", TEXT)
                .may("responseSchema", ANY)
                .may("responseJsonSchema", ANY)
                .may("responseModalities", items(choice("TEXT", "IMAGE", "AUDIO", "VIDEO")))
                .may("mediaResolution", PartShapes.RESOLUTION)
                .may("thinkingConfig", THINKING)
                .may("imageConfig", OBJECT)
                .may("speechConfig", OBJECT)
                .may("enableEnhancedCivicAnswers", FLAG);
    }
}
