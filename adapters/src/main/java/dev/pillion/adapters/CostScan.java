package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The walk through a body behind {@link CostFacts}. */
final class CostScan {
    /** What callers and models write themselves: in there all is text, whatever it is called. */
    private static final Set<String> OPAQUE =
            Set.of(
                    "parameters",
                    "parametersJsonSchema",
                    "parameters_json_schema",
                    "input_schema",
                    "schema",
                    "responseSchema",
                    "response_schema",
                    "responseJsonSchema",
                    "response_json_schema",
                    "arguments",
                    "args",
                    "response");

    private static final Set<String> IMAGES = Set.of("image", "image_url", "input_image");
    private static final Set<String> UNSIZED =
            Set.of(
                    "file",
                    "input_file",
                    "document",
                    "audio",
                    "input_audio",
                    "video",
                    "video_url",
                    "input_video");
    private static final Set<String> BLOBS =
            Set.of("inlineData", "inline_data", "fileData", "file_data");
    private static final Set<String> LIVES =
            Set.of("ttl", "prompt_cache_retention", "prompt_cache_ttl");
    private static final Set<String> SHORT_LIVES = Set.of("5m", "30m", "in_memory", "in-memory");

    /** Tenths of a token that a letter or a space is at most, of which words are made. */
    private static final int LETTER_TENTHS = 6;

    private static final int OTHER_TENTHS = 10;

    /** Longer runs without a space are no words, and may be a token a byte. */
    private static final int LONGEST_WORD = 64;

    private final VendorTools tools = new VendorTools();
    private final Set<String> tiers = new HashSet<>();
    private long tenths;
    private int images;
    private int answers = 1;
    private boolean compacts;
    private boolean longCache;
    private @Nullable String unsized;
    private @Nullable String unbounded;

    CostFacts facts() {
        String wild = unbounded == null ? tools.unbounded() : unbounded;
        return new CostFacts(
                tenths / 10 + 1,
                images,
                tools.count(),
                unsized,
                answers,
                tools.searches(),
                tools.calls(),
                tools.fees(),
                compacts,
                wild,
                tiers,
                longCache);
    }

    void unbounded(String what) {
        unbounded = unbounded == null ? what : unbounded;
    }

    void unsized(String what) {
        unsized = unsized == null ? what : unsized;
    }

    /** A body, or the raw fields for a vendor in a uniform one. */
    void root(ObjectNode body) {
        tools.take(body);
        settings(body);
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (field.getKey().equals("vendor") && field.getValue().isObject()) {
                field.getValue().forEach(this::raw);
            } else {
                field(field.getKey(), field.getValue(), false);
            }
        }
    }

    private void raw(JsonNode fields) {
        if (fields instanceof ObjectNode object) {
            root(object);
        }
    }

    private void settings(ObjectNode body) {
        several(body.path("n"));
        JsonNode config =
                body.has("generationConfig")
                        ? body.path("generationConfig")
                        : body.path("generation_config");
        several(config.path("candidateCount"));
        several(config.path("candidate_count"));
        tier(body.path("service_tier"));
        tier(body.path("serviceTier"));
        if (body.path("speed").asText().equals("fast")) {
            tiers.add("fast");
        }
        JsonNode managed = body.path("context_management");
        compacts |= managed.toString().contains("compact");
        if (body.path("reasoning").path("mode").asText().equals("pro")) {
            unbounded("reasoning.mode: pro");
        }
        if (!body.path("fallbacks").isMissingNode() && !body.path("fallbacks").isNull()) {
            unbounded("fallbacks, which other models may serve");
        }
        if (body.path("prompt").has("id")) {
            unbounded("a stored prompt");
        }
        if (body.path("search_parameters").isObject()) {
            unbounded("search_parameters");
        }
    }

    private void several(JsonNode count) {
        if (count.isIntegralNumber()) {
            answers = Math.max(answers, Math.clamp(count.longValue(), 1, 1_000_000));
        }
    }

    private void tier(JsonNode said) {
        if (said.isTextual()) {
            tiers.add(said.asText());
        }
    }

    private void field(String name, JsonNode value, boolean opaque) {
        text(name);
        if (!opaque && LIVES.contains(name) && value.isTextual()) {
            longCache |= !SHORT_LIVES.contains(value.asText());
        }
        boolean called =
                name.equals("input") && value.isObject(); // What a model calls a tool with.
        if (!opaque && BLOBS.contains(name)) {
            blob(name, value);
        } else {
            node(value, opaque || OPAQUE.contains(name) || called);
        }
    }

    private void node(JsonNode node, boolean opaque) {
        if (node instanceof ObjectNode object) {
            object(object, opaque);
        } else if (node.isArray()) {
            tenths += OTHER_TENTHS;
            node.forEach(each -> node(each, opaque));
        } else {
            text(node.asText());
        }
    }

    private void object(ObjectNode object, boolean opaque) {
        tenths += 2 * OTHER_TENTHS;
        String type = opaque ? "" : object.path("type").asText();
        if (IMAGES.contains(type)) {
            images++;
        } else if (type.equals("document") && isText(object.path("source"))) {
            fields(object, false);
        } else if (UNSIZED.contains(type) && holds(object)) {
            unsized(type);
            text(object.path("title").asText());
            text(object.path("context").asText());
        } else {
            fields(object, opaque);
        }
    }

    private void fields(ObjectNode object, boolean opaque) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            field(field.getKey(), field.getValue(), opaque);
        }
    }

    private static boolean isText(JsonNode source) {
        String type = source.path("type").asText();
        return type.equals("text") || type.equals("content");
    }

    /** Whether it is a part of a message, and no schema's property or the like. */
    private static boolean holds(ObjectNode part) {
        return part.has("source")
                || part.has("data")
                || part.has("url")
                || part.has("file_id")
                || part.has("file")
                || part.has("file_data")
                || part.has("file_url")
                || part.has("input_audio")
                || part.has("audio_url")
                || part.has("video_url");
    }

    /** As the Gemini API has all media. */
    private void blob(String name, JsonNode value) {
        String type = value.path("mimeType").asText() + value.path("mime_type").asText();
        if (type.startsWith("image/")) {
            images++;
        } else {
            unsized(name + (type.isEmpty() ? "" : " of " + type));
        }
    }

    private void text(String text) {
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            boolean letter = each <= 'z' && (each >= 'a' || (each >= 'A' && each <= 'Z'));
            run = each == ' ' || each > 0x7F ? 0 : run + 1;
            if ((letter && run <= LONGEST_WORD) || each == ' ') {
                tenths += LETTER_TENTHS;
            } else {
                tenths += (long) OTHER_TENTHS * bytes(each);
            }
        }
        tenths += OTHER_TENTHS;
    }

    /** In UTF-8; of half a character outside the plane, half of four. */
    private static int bytes(char each) {
        if (each < 0x80) {
            return 1;
        }
        return each < 0x800 || Character.isSurrogate(each) ? 2 : 3;
    }
}
