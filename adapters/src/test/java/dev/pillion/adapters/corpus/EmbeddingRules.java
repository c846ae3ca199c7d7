package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What vendors take for the same in requests for vectors, and in answers to them. */
public final class EmbeddingRules {
    public static final List<Meaning.Rule> OPENAI_REQUEST =
            List.of(
                    new Meaning.Rule(
                            "null is absent",
                            "nullable optional fields default to what their absence says",
                            EmbeddingRules::dropNulls),
                    new Meaning.Rule(
                            "one input is a list of one",
                            "the documented shorthand, for text and for tokens",
                            EmbeddingRules::inputs));

    public static final List<Meaning.Rule> GEMINI_REQUEST =
            List.of(
                    new Meaning.Rule(
                            "names of the proto file are those of JSON",
                            "proto3 JSON takes both",
                            EmbeddingRules::camel));

    public static final List<Meaning.Rule> GEMINI_COUNT =
            List.of(
                    new Meaning.Rule(
                            "a whole request may stand in place",
                            "the vendor counts either",
                            EmbeddingRules::inPlace),
                    new Meaning.Rule(
                            "a user's role may be left out",
                            "it is what absence means",
                            EmbeddingRules::roles));

    private EmbeddingRules() {}

    private static void inPlace(ObjectNode node) {
        if (node.remove("generateContentRequest") instanceof ObjectNode whole) {
            node.setAll(whole);
            node.remove("model");
        }
    }

    private static void roles(ObjectNode node) {
        for (JsonNode content : node.path("contents")) {
            if (!content.has("role")) {
                ((ObjectNode) content).put("role", "user");
            }
        }
    }

    private static void dropNulls(ObjectNode node) {
        List<String> nulls = new ArrayList<>();
        node.properties()
                .forEach(e -> {
                    if (e.getValue().isNull()) {
                        nulls.add(e.getKey());
                    }
                });
        node.remove(nulls);
    }

    private static void inputs(ObjectNode node) {
        JsonNode input = node.path("input");
        boolean one = input.isTextual() || input.path(0).isNumber();
        if (one) {
            ArrayNode list = node.arrayNode().add(input);
            node.set("input", list);
        }
    }

    private static void camel(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode value = object.remove(name);
                camel(value);
                object.set(camelName(name), value);
            }
        } else {
            node.forEach(EmbeddingRules::camel);
        }
    }

    private static String camelName(String name) {
        String[] words = name.split("_", -1);
        var camel = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            camel.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        }
        return camel.toString();
    }

    /** The vectors of an answer in either format, read without the adapters' help. */
    public static List<float[]> vectors(JsonNode answer) {
        List<float[]> vectors = new ArrayList<>();
        for (JsonNode item : answer.path("data")) {
            vectors.add(vector(item.path("embedding")));
        }
        for (JsonNode item : answer.path("embeddings")) {
            vectors.add(vector(item.path("values")));
        }
        if (answer.has("embedding")) {
            vectors.add(vector(answer.path("embedding").path("values")));
        }
        return vectors;
    }

    private static float[] vector(JsonNode written) {
        if (written.isTextual()) {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(written.textValue()));
            float[] vector = new float[bytes.remaining() / 4];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = bytes.order(ByteOrder.LITTLE_ENDIAN).getFloat();
            }
            return vector;
        }
        float[] vector = new float[written.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = written.get(i).decimalValue().floatValue();
        }
        return vector;
    }
}
