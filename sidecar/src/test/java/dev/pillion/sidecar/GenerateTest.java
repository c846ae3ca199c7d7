package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.simulate.Misbehaviour;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenerateTest {
    private static final String PLAIN = "'messages':[{'role':'user','content':'Grüße aus 東京 🏔'}]";
    private static final String TOOL =
            "'messages':[{'role':'user','content':'call get_weather for the city of Oslo'}],"
                + "'tools':[{'name':'get_weather','description':'weather','parameters':{'type':'object',"
                + "'properties':{'city':{'type':'string'}},'required':['city']}}]";
    private static final String SCHEMA =
            "'messages':[{'role':'user','content':'a city'}],'output':{'schema':{'type':'object',"
                    + "'properties':{'city':{'type':'string'},'size':{'type':'integer'}},"
                    + "'required':['city','size'],'additionalProperties':false}}";
    private static final String SEARCH =
            "'messages':[{'role':'user','content':'news of Zürich'}],'websearch':{'max_uses':2}";

    /** Not every vendor can bound its searches. */
    private static final String UNBOUND_SEARCH =
            "'messages':[{'role':'user','content':'news of Zürich'}],'websearch':{}";

    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(TestSidecar.FOUR);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        assertFalse(bed.log().contains("canary"), "a key stands in the log");
        assertEquals(List.of(), bed.diagnostics);
    }

    private static String body(String model, boolean stream, String rest) {
        return ("{'model':'" + model + "','stream':" + stream + "," + rest + "}")
                .replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "anthropic/claude-sonnet-5-5|plain",
                "anthropic/claude-sonnet-5-5|tool",
                "anthropic/claude-sonnet-5-5|schema",
                "anthropic/claude-sonnet-5-5|search",
                "openai/gpt-6.1-terra|plain",
                "openai/gpt-6.1-terra|tool",
                "openai/gpt-6.1-terra|schema",
                "openai/gpt-6.1-terra|search",
                "gemini/gemini-4-hydrogen|plain",
                "gemini/gemini-4-hydrogen|tool",
                "gemini/gemini-4-hydrogen|schema",
                "gemini/gemini-4-hydrogen|search",
                "xai/grok-4.6|plain",
                "xai/grok-4.6|tool",
                "xai/grok-4.6|schema",
                "xai/grok-4.6|search",
                "openai/gpt-4.1|tool",
                "openai/gpt-4.1|schema"
            })
    @DisplayName("F25 F34 F43: the fold of a stream is the answer that comes unstreamed")
    void theFoldOfAStreamIsTheWholeAnswer(String model, String kind) throws Exception {
        String rest =
                switch (kind) {
                    case "tool" -> TOOL;
                    case "schema" -> SCHEMA;
                    case "search" -> model.startsWith("anthropic/") ? SEARCH : UNBOUND_SEARCH;
                    default -> PLAIN;
                };
        HttpResponse<String> whole = bed.post("/v1/generate", body(model, false, rest));
        HttpResponse<String> streamed = bed.post("/v1/generate", body(model, true, rest));
        assertEquals(200, whole.statusCode(), whole.body());
        assertEquals(200, streamed.statusCode(), streamed.body());
        JsonNode answer = TestSidecar.json(whole);
        Folded folded = Folded.of(streamed.body());
        assertEquals(unsealed(answer.path("content")), unsealed(folded.asWhole()));
        assertEquals(answer.path("stop"), folded.last().path("stop"));
        assertEquals(answer.path("sources"), folded.last().path("sources"));
        assertEquals("start", folded.events().getFirst());
        assertEquals("done", folded.events().getLast());
        assertEquals(1, folded.events().stream().filter("start"::equals).count());
        assertTrue(answer.path("cost").path("usd").isTextual(), whole.body());
    }

    /**
     * Ids and seals are new in each answer; that they are there must agree. Gemini's seal of an
     * answer comes behind a streamed text, in an empty one of its own, and with a whole one.
     */
    private static JsonNode unsealed(JsonNode content) {
        ArrayNode plain = content.deepCopy();
        for (int i = plain.size() - 1; i > 0; i--) {
            JsonNode part = plain.get(i);
            if (part.path("text").asText("x").isEmpty() && part.has("seal")) {
                ((ObjectNode) plain.get(i - 1)).set("seal", part.get("seal"));
                plain.remove(i);
            }
        }
        for (JsonNode part : plain) {
            ObjectNode object = (ObjectNode) part;
            for (String name : List.of("seal", "id")) {
                if (object.has(name)) {
                    object.put(name, "(opaque)");
                }
            }
            if (object.has("item")) {
                object.put("item", object.path("item").path("type").asText());
            }
        }
        return plain;
    }

    @Test
    @DisplayName("F46: citations point at code points, whatever the text is made of")
    void citationsPointAtCodePoints() throws Exception {
        HttpResponse<String> whole =
                bed.post("/v1/generate", body("anthropic/claude-sonnet-5-5", false, SEARCH));
        int seen = 0;
        for (JsonNode part : TestSidecar.json(whole).path("content")) {
            String text = part.path("text").asText();
            for (JsonNode citation : part.path("citations")) {
                seen++;
                assertEquals(0, citation.path("start").asInt());
                assertEquals(text.codePointCount(0, text.length()), citation.path("end").asInt());
                assertTrue(citation.path("url").asText().startsWith("https://"), part.toString());
            }
        }
        assertTrue(seen > 0, whole.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rechunk", "bundle", "crlf", "comments", "gzip"})
    @DisplayName("F15: a vendor's odd framing changes nothing")
    void oddFramingChangesNothing(String how) throws Exception {
        String ask = body("anthropic/claude-sonnet-5-5", true, SEARCH);
        Folded plain = Folded.of(bed.post("/v1/generate", ask).body());
        bed.anthropic.faults().next(shaping(how));
        Folded odd = Folded.of(bed.post("/v1/generate", ask).body());
        assertEquals(unsealed(plain.asWhole()), unsealed(odd.asWhole()));
        assertEquals("done", odd.events().getLast());
    }

    private static Misbehaviour shaping(String how) {
        return switch (how) {
            case "rechunk" -> new Misbehaviour.Rechunk(3);
            case "bundle" -> new Misbehaviour.Bundle(50);
            case "crlf" -> new Misbehaviour.Crlf();
            case "comments" -> new Misbehaviour.Comments();
            default -> new Misbehaviour.Gzip();
        };
    }

    @Test
    @DisplayName("F2: fifty requests share one vendor connection")
    void vendorConnectionsAreReused() throws Exception {
        long before = bed.openai.log().connectionCount();
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    200,
                    bed.post("/v1/generate", body("openai/gpt-4.1", i % 2 == 0, PLAIN))
                            .statusCode());
        }
        assertTrue(bed.openai.log().connectionCount() - before <= 1);
    }

    @Test
    @DisplayName("F49: pass-through keeps unknown fields and splices the model's name alone")
    void passThroughKeepsTheBody() throws Exception {
        String ask =
                "{ \"messages\" : [{\"role\":\"user\",\"content\":\"h\\u0069\"}],\n"
                        + " \"temperature\":1.0, \"model\": \"openai/gpt-4.1\" }";
        HttpResponse<String> answer = bed.post("/v1/chat/completions", ask);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(
                ask.replace("openai/gpt-4.1", "gpt-4.1"),
                Objects.requireNonNull(bed.openai.log().last()).body());
        assertEquals("openai", answer.headers().firstValue("x-pillion-provider").orElse(""));
    }

    @Test
    void chatCompletionsReachAnthropicByTranslation() throws Exception {
        HttpResponse<String> answer =
                bed.post(
                        "/v1/chat/completions",
                        "{\"model\":\"anthropic/claude-sonnet-5-5\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
        assertEquals(200, answer.statusCode(), answer.body());
        JsonNode body = TestSidecar.json(answer);
        assertEquals("chat.completion", body.path("object").asText());
        assertEquals("stop", body.path("choices").path(0).path("finish_reason").asText());
    }

    @Test
    @DisplayName("F6: a request of 10 MB passes, one over the limit is 413 and harms nothing")
    void largeBodiesPassUpToTheLimit() throws Exception {
        String big = "x".repeat(10 << 20);
        HttpResponse<String> answer =
                bed.post(
                        "/v1/generate", body("openai/gpt-4.1", false, PLAIN.replace("Grüße", big)));
        assertEquals(400, answer.statusCode(), "the simulated window is smaller than this");
        assertTrue(answer.body().contains("context_too_long"), answer.body());
        HttpResponse<String> over =
                bed.post(
                        "/v1/generate",
                        body(
                                "openai/gpt-4.1",
                                false,
                                PLAIN.replace("Grüße", "y".repeat(33 << 20))));
        assertEquals(413, over.statusCode());
        assertTrue(over.body().contains("\"kind\":\"too_large\""), over.body());
    }

    @Test
    @DisplayName("F6: a reply of 10 MB passes")
    void largeRepliesPass() throws Exception {
        bed.anthropic.faults().next(new Misbehaviour.Huge(10));
        HttpResponse<String> answer =
                bed.post("/v1/generate", body("anthropic/claude-sonnet-5-5", false, PLAIN));
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().length() > 10 << 20);
    }

    @Test
    void adminAndProbesAnswer() throws Exception {
        assertEquals("ok\n", bed.get(bed.probe("/healthz")).body());
        assertEquals("ready\n", bed.get(bed.probe("/readyz")).body());
        assertTrue(bed.get(bed.probe("/metrics")).body().contains("pillion_request_count_total{"));
        assertEquals(404, bed.get(bed.probe("/v1/generate")).statusCode());
        assertEquals(
                403, bed.post("/v1/generate", "{}", "origin", "https://evil.example").statusCode());
    }

    @Test
    void metricsTellWhatTheDaemonItselfHolds() throws Exception {
        bed.post("/v1/generate", body("anthropic/claude-sonnet-5-5", false, PLAIN));
        String metrics = bed.get(bed.probe("/metrics")).body();
        assertTrue(told(metrics, "vendor_connections") > 0, metrics);
        assertEquals(told(metrics, "vendor_connections"), told(metrics, "vendor_connections_idle"));
        assertEquals(0, told(metrics, "body_bytes"));
        assertTrue(told(metrics, "client_connections") > 0, metrics); // this one at least
        assertTrue(told(metrics, "threads") > Thread.activeCount() / 2, metrics);
        assertTrue(told(metrics, "open_descriptors") > 4, metrics);
        assertTrue(told(metrics, "heap_bytes") > 1 << 20, metrics);
        assertTrue(told(metrics, "resident_bytes") > told(metrics, "heap_bytes"), metrics);
        assertTrue(told(metrics, "direct_memory_bytes") > 0, metrics);
    }

    private static long told(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith("pillion_" + name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("F29: thinking goes back with its signature unchanged")
    void thinkingRoundTrips() throws Exception {
        String ask = body("anthropic/claude-sonnet-5-5", false, TOOL);
        JsonNode first = TestSidecar.json(bed.post("/v1/generate", ask));
        ObjectNode next = (ObjectNode) Json.read(ask);
        ArrayNode messages = (ArrayNode) next.path("messages");
        messages.addObject().put("role", "assistant").set("content", first.path("content"));
        ArrayNode results = messages.addObject().put("role", "tool").putArray("content");
        int sealed = 0;
        for (JsonNode part : first.path("content")) {
            sealed += part.has("seal") ? 1 : 0;
            if (part.path("type").asText().equals("tool_call")) {
                results.addObject()
                        .put("type", "tool_result")
                        .put("tool_call_id", part.path("id").asText())
                        .put("content", "4 degrees");
            }
        }
        assertTrue(sealed > 0, first.toString());
        HttpResponse<String> second = bed.post("/v1/generate", Json.text(next));
        assertEquals(200, second.statusCode(), second.body());
        assertTrue(
                Objects.requireNonNull(bed.anthropic.log().last())
                        .body()
                        .contains("\"signature\""));
    }
}
