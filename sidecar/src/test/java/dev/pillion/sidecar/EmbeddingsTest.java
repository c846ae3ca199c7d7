package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors and counts over real sockets, from every surface that has them to every vendor. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddingsTest {
    private static final String CONFIG =
            """
            version: 1
            providers:
              anthropic: {base_url: "%1$s", keys: [{id: a1, value: canary-key-a}]}
              openai: {base_url: "%2$s", keys: [{id: o1, value: canary-key-o}]}
              gemini: {base_url: "%3$s", keys: [{id: g1, value: canary-key-g}]}
            aliases: {vectors: [openai/text-embedding-3-small], words: [gemini/gemini-embedding-2]}
            """;
    private static final String OPENAI = "openai/text-embedding-3-small";
    private static final String GEMINI = "gemini/gemini-embedding-2";
    private static final List<String> TEXTS = List.of("Grüße aus 東京 🏔", "plain words");

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(CONFIG);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        String log = bed.log();
        assertFalse(log.contains("canary"), "a key stands in the log");
        assertFalse(log.contains("plain words"), "a prompt stands in the log");
        assertTrue(log.contains("\"surface\":\"embeddings\""), log);
        assertTrue(log.contains("\"surface\":\"embedContent\""), log);
        assertTrue(log.contains("\"surface\":\"countTokens\""), log);
        assertEquals(List.of(), bed.diagnostics);
    }

    private HttpResponse<String> embed(
            String surface, String model, List<String> texts, String... headers) throws Exception {
        return switch (surface) {
            case "openai" -> bed.post("/v1/embeddings", openAi(model, texts, ""), headers);
            case "openai-base64" ->
                    bed.post(
                            "/v1/embeddings",
                            openAi(model, texts, ",\"encoding_format\":\"base64\""),
                            headers);
            default -> bed.post(geminiPath(surface, model), gemini(model, texts), headers);
        };
    }

    private static String geminiPath(String version, String model) {
        return "/" + version + "/models/" + model + ":batchEmbedContents";
    }

    private static String openAi(String model, List<String> texts, String more) {
        String inputs = texts.stream().map(t -> '"' + t + '"').collect(Collectors.joining(","));
        return "{\"model\":\"" + model + "\",\"input\":[" + inputs + "]" + more + "}";
    }

    private static String gemini(String model, List<String> texts) {
        return texts.stream()
                .map(text -> one(model, text))
                .collect(Collectors.joining(",", "{\"requests\":[", "]}"));
    }

    private static String one(String model, String text) {
        return "{\"model\":\"models/%s\",\"content\":{\"parts\":[{\"text\":\"%s\"}]}}"
                .formatted(model, text);
    }

    private static List<float[]> vectors(HttpResponse<String> answer) throws Exception {
        assertEquals(200, answer.statusCode(), answer.body());
        JsonNode body = TestSidecar.json(answer);
        List<float[]> vectors = new ArrayList<>();
        body.path("data").forEach(item -> vectors.add(vector(item.path("embedding"))));
        body.path("embeddings").forEach(item -> vectors.add(vector(item.path("values"))));
        if (body.has("embedding")) {
            vectors.add(vector(body.path("embedding").path("values")));
        }
        return vectors;
    }

    private static float[] vector(JsonNode written) {
        float[] vector;
        if (written.isTextual()) {
            byte[] bytes = Base64.getDecoder().decode(written.textValue());
            vector = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        } else {
            vector = new float[written.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = written.get(i).floatValue();
            }
        }
        return vector;
    }

    private static void assertSame(List<float[]> expected, List<float[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(expected.get(i).length >= 256, "numbers: " + expected.get(i).length);
            assertArrayEquals(expected.get(i), actual.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openai, auto",
        "openai, never",
        "openai-base64, auto",
        "openai-base64, never",
        "v1, auto",
        "v1beta, auto",
        "v1alpha, never"
    })
    void aTextHasTheSameVectorFromEverySurface(String surface, String pass) throws Exception {
        for (String model : List.of(OPENAI, GEMINI, "vectors", "words")) {
            boolean gemini = model.equals(GEMINI) || model.equals("words");
            List<float[]> expected = vectors(embed(gemini ? "v1beta" : "openai", model, TEXTS));
            HttpResponse<String> answer =
                    embed(surface, model, TEXTS, "x-pillion-passthrough", pass);
            assertSame(expected, vectors(answer));
            var headers = answer.headers();
            String vendor = gemini ? "gemini" : "openai";
            assertEquals(vendor, headers.firstValue("x-pillion-provider").orElse(""));
            assertTrue(headers.firstValue("x-pillion-cost-usd").isPresent());
            boolean encoded = answer.body().contains("\"embedding\":\"");
            assertEquals(surface.endsWith("base64"), encoded, "base64 to who asked for it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, GEMINI})
    void oneContentHasOneEmbedding(String model) throws Exception {
        String path = "/v1beta/models/" + model + ":embedContent";
        HttpResponse<String> answer = bed.post(path, one(model, "plain words"));
        List<float[]> vectors = vectors(answer);
        assertEquals(1, vectors.size());
        assertTrue(TestSidecar.json(answer).path("embedding").path("values").isArray());
        assertSame(vectors, vectors(embed("openai", model, List.of("plain words"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "openai-base64", "v1beta"})
    @DisplayName("F6: a batch whose answer is megabytes comes whole, decoded off the loop")
    void aLargeBatchComesWhole(String surface) throws Exception {
        List<String> texts =
                IntStream.range(0, 200).mapToObj(i -> "text " + i).collect(Collectors.toList());
        HttpResponse<String> answer =
                embed(surface, OPENAI, texts, "x-pillion-passthrough", "never");
        assertTrue(answer.body().length() > 1 << 20, "characters: " + answer.body().length());
        assertSame(vectors(embed("openai", OPENAI, texts)), vectors(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, GEMINI})
    @DisplayName("F6: a request of megabytes passes from the Gemini surface")
    void aLargeRequestPasses(String model) throws Exception {
        List<String> texts = IntStream.range(0, 55).mapToObj(i -> i + "o".repeat(20_000)).toList();
        assertEquals(55, vectors(embed("v1beta", model, texts)).size());
    }

    @Test
    void dimensionsAreTranslatedBothWays() throws Exception {
        String asked = openAi(GEMINI, TEXTS, ",\"dimensions\":256");
        assertEquals(256, vectors(bed.post("/v1/embeddings", asked)).getFirst().length);
        String batch =
                gemini(OPENAI, TEXTS)
                        .replace("\"content\"", "\"outputDimensionality\":256,$0")
                        .replace("$0", "\"content\"");
        HttpResponse<String> answer = bed.post(geminiPath("v1beta", OPENAI), batch);
        assertEquals(256, vectors(answer).getFirst().length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/embeddings | {\"model\":\"gemini-embedding-2\",\"input\":[[1,2]]} | tokens",
                "/v1beta/models/text-embedding-3-small:embedContent |"
                        + " {\"content\":{\"parts\":[{\"text\":\"a\"},{\"text\":\"b\"}]}} | several"
                        + " parts",
                "/v1beta/models/text-embedding-3-small:embedContent |"
                    + " {\"content\":{\"parts\":[{\"text\":\"a\"}]},\"taskType\":\"CLUSTERING\"} |"
                    + " /inputs/0/task",
                "/v1beta/models/text-embedding-3-small:embedContent |"
                    + " {\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}]}}"
                    + " | can't do vision"
            })
    void whatTheOtherFormatCantSayIsRefusedByName(String path, String body, String words)
            throws Exception {
        HttpResponse<String> answer = bed.post(path, body);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(words), answer.body());
    }

    @Test
    void whatMayBeLostIsLeftOutAndListed() throws Exception {
        String path = "/v1beta/models/" + OPENAI + ":embedContent";
        String body = "{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"taskType\":\"CLUSTERING\"}";
        HttpResponse<String> answer = bed.post(path, body, "x-pillion-lossy", "allow");
        assertEquals(200, answer.statusCode(), answer.body());
        String dropped = answer.headers().firstValue("x-pillion-dropped").orElse("");
        assertEquals("/inputs/0/task", dropped);
    }

    private HttpResponse<String> count(String surface, String model, String... headers)
            throws Exception {
        String text = "how many tokens are these?";
        return switch (surface) {
            case "anthropic" ->
                    bed.post(
                            "/v1/messages/count_tokens",
                            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                                    .formatted(model, text),
                            headers);
            case "openai" ->
                    bed.post(
                            "/v1/responses/input_tokens",
                            "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(model, text),
                            headers);
            default ->
                    bed.post(
                            "/" + surface + "/models/" + model + ":countTokens",
                            "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"%s\"}]}]}"
                                    .formatted(text),
                            headers);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anthropic/claude-sonnet-5-5",
                "openai/gpt-6-luna",
                "openai/gpt-4.1",
                "gemini/gemini-3.5-flash",
                "class:fast"
            })
    void aTranslatedRequestHasTheSameCountFromEverySurface(String model) throws Exception {
        List<Long> counts = new ArrayList<>();
        for (String surface : List.of("anthropic", "openai", "v1", "v1beta", "v1alpha")) {
            HttpResponse<String> answer = count(surface, model, "x-pillion-passthrough", "never");
            assertEquals(200, answer.statusCode(), surface + " " + answer.body());
            JsonNode body = TestSidecar.json(answer);
            String field = surface.startsWith("v1") ? "totalTokens" : "input_tokens";
            assertTrue(body.path(field).isIntegralNumber(), answer.body());
            counts.add(body.path(field).longValue());
            assertEquals("0", answer.headers().firstValue("x-pillion-cost-usd").orElse(""));
        }
        assertTrue(counts.getFirst() > 0);
        assertEquals(1, counts.stream().distinct().count(), counts.toString());
    }

    @Test
    void errorsHaveTheShapeOfTheSurface() throws Exception {
        HttpResponse<String> openai = embed("openai", "no-such-model", TEXTS);
        assertEquals(404, openai.statusCode());
        assertEquals(
                "model_not_found", TestSidecar.json(openai).path("error").path("code").asText());
        HttpResponse<String> gemini = embed("v1beta", "no-such-model", TEXTS);
        assertEquals(404, gemini.statusCode());
        assertEquals("NOT_FOUND", TestSidecar.json(gemini).path("error").path("status").asText());
        HttpResponse<String> anthropic = count("anthropic", "no-such-model");
        assertEquals(404, anthropic.statusCode());
        assertEquals(
                "not_found_error", TestSidecar.json(anthropic).path("error").path("type").asText());
    }
}
