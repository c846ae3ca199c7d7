package dev.pillion.sidecar.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the simulated OpenAI makes of embeddings. */
class OpenAiEmbeddingsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Simulator simulator = Simulator.start(Simulator.Options.openAi("a-key"));
    private final VendorClient client = new VendorClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    private JsonNode ask(String fields, int status) throws Exception {
        var reply = client.post("/v1/embeddings", "{" + fields + "}");
        assertEquals(status, reply.statusCode(), reply.body());
        return JSON.readTree(reply.body());
    }

    @Test
    void theSameVectorComesAsNumbersAndAsBase64() throws Exception {
        var common = "\"model\":\"text-embedding-3-small\",\"input\":[\"a\",\"Zürich 🏔\"]";
        var numbers = ask(common + ",\"dimensions\":64", 200).path("data");
        var packed = ask(common + ",\"dimensions\":64,\"encoding_format\":\"base64\"", 200);
        assertEquals(2, numbers.size());
        for (int i = 0; i < 2; i++) {
            assertEquals(i, numbers.path(i).path("index").asInt());
            var text = packed.path("data").path(i).path("embedding").asText();
            var floats =
                    ByteBuffer.wrap(Base64.getDecoder().decode(text))
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer();
            double square = 0;
            for (int j = 0; j < 64; j++) {
                float number = floats.get(j);
                assertEquals(numbers.path(i).path("embedding").path(j).floatValue(), number, 1e-7);
                square += number * number;
            }
            assertEquals(1, square, 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "text-embedding-3-large | \"x\" | | 200",
                "text-embedding-ada-002 | [[1,2],[3]] | | 200",
                "text-embedding-3-small | [1,2,3] | | 200",
                "text-embedding-3-small | [] | | 400",
                "text-embedding-3-small | [\"a\",[1]] | | 400",
                "text-embedding-3-small | {} | | 400",
                "text-embedding-3-small | \"x\" | ,\"dimensions\":1537 | 400",
                "text-embedding-ada-002 | \"x\" | ,\"dimensions\":512 | 400",
                "text-embedding-3-small | \"x\" | ,\"encoding_format\":\"hex\" | 400",
                "text-embedding-3-small | \"x\" | ,\"task_type\":\"x\" | 400",
                "gpt-4o | \"x\" | | 404"
            })
    void requestsAreJudged(String model, String input, String more, int status) throws Exception {
        var fields = "\"model\":\"" + model + "\",\"input\":" + input;
        ask(fields + (more == null ? "" : more), status);
    }

    @Test
    void whatIsTooLongIsRefused() throws Exception {
        var model = "\"model\":\"text-embedding-3-small\",\"input\":";
        ask(model + "\"" + "word ".repeat(8_000) + "\"", 400);
        ask(model + "[" + "\"a\",".repeat(2_048) + "\"a\"]", 400);
        var entry = "\"" + "word ".repeat(6_000) + "\"";
        ask(model + "[" + (entry + ",").repeat(45) + entry + "]", 400);
    }
}
