package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** Embeddings as the vendor writes them: numbers, or 32-bit floats in base64, the lowest first. */
final class EmbeddingJson {
    private EmbeddingJson() {}

    static ObjectNode of(EmbeddingRules.Request request) {
        var all = Trees.object().put("object", "list");
        var data = all.putArray("data");
        boolean packed = request.body().path("encoding_format").asText().equals("base64");
        for (int i = 0; i < request.entries().size(); i++) {
            var entry = request.entries().get(i);
            var text = entry.isTextual() ? entry.textValue() : entry.toString();
            var vector = Vectors.of(text, request.dimensions());
            var one = data.addObject().put("object", "embedding").put("index", i);
            if (packed) {
                one.put("embedding", base64(vector));
            } else {
                numbers(one.putArray("embedding"), vector);
            }
        }
        all.put("model", request.model().answers());
        all.putObject("usage")
                .put("prompt_tokens", request.promptTokens())
                .put("total_tokens", request.promptTokens());
        return all;
    }

    private static void numbers(ArrayNode array, float[] vector) {
        for (float number : vector) {
            array.add(number);
        }
    }

    private static String base64(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
