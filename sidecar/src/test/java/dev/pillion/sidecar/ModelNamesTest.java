package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.SeenRequest;
import dev.pillion.sidecar.simulate.Simulator;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The names of models over real sockets: as every surface lists them, and as every one takes them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelNamesTest {
    private static final String CONFIG =
            """
            version: 1
            providers:
              anthropic: {base_url: "%1$s", keys: [{id: a1, value: real-key-a}]}
              openai: {base_url: "%2$s", keys: [{id: o1, value: real-key-o}]}
              gemini: {base_url: "%3$s", keys: [{id: g1, value: real-key-g}]}
              house: {speaks: openai, base_url: "%2$s", keys: [{id: h1, value: real-key-h}]}
            models:
              - {id: house/gpt-4.1, can: [stream, tools], context: 32768, max_output: 4096, price: free}
            aliases: {swift: [openai/gpt-4.1, anthropic/claude-haiku-4-5], vectors: [openai/text-embedding-3-small]}
            callers:
              narrow: {allow: {classes: [fast], providers: [openai]}}
            """;
    private static final String[] ANTHROPIC = {"anthropic-version", "2023-06-01"};
    private static final String[] GEMINI = {"x-goog-api-key", "canary"};

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestSidecar bed;

    @BeforeAll
    void start() throws Exception {
        bed = TestSidecar.start(CONFIG);
    }

    @AfterAll
    void stop() throws Exception {
        bed.close();
        http.close();
        assertFalse(bed.log().contains("canary"), "a client's key stands in the log");
        assertTrue(bed.log().contains("\"surface\":\"models\""), bed.log());
        assertEquals(List.of(), bed.diagnostics);
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(bed.uri(path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(String path, String... headers) throws Exception {
        HttpResponse<String> answer = send("GET", path, headers);
        assertEquals(200, answer.statusCode(), answer.body());
        return TestSidecar.json(answer);
    }

    private static List<String> texts(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.path(field).asText()));
        return texts;
    }

    private List<String> openAiIds(String... headers) throws Exception {
        return texts(get("/v1/models", headers).path("data"), "id");
    }

    @Test
    void theListHasModelsByTheirShortestNameThenAliasesThenClasses() throws Exception {
        List<String> ids = openAiIds("authorization", "Bearer canary");
        assertEquals(ids.stream().distinct().toList(), ids);
        assertTrue(
                ids.containsAll(List.of("claude-sonnet-5-5", "gemini-3.8-flash")), ids::toString);
        assertTrue(ids.containsAll(List.of("openai/gpt-4.1", "house/gpt-4.1")), ids::toString);
        assertFalse(ids.contains("gpt-4.1"), "two models have this name");
        assertFalse(ids.stream().anyMatch(id -> id.startsWith("grok")), "xAI has no key");
        List<String> last = ids.subList(ids.size() - 5, ids.size());
        assertEquals(
                List.of("swift", "vectors", "class:fast", "class:balanced", "class:frontier"),
                last);
    }

    @Test
    void everyListedNameCanBeFetchedOnEverySurface() throws Exception {
        for (String id : openAiIds()) {
            String encoded = id.replace("/", "%2F").replace(":", "%3A");
            for (String each : List.of(id, encoded)) {
                assertEquals(id, get("/v1/models/" + each).path("id").asText());
                assertEquals(id, get("/v1/models/" + each, ANTHROPIC).path("id").asText());
                String name = get("/v1beta/models/" + each).path("name").asText();
                assertEquals("models/" + id, name);
            }
        }
    }

    @Test
    void aCallerSeesWhatItMayUse() throws Exception {
        List<String> ids = openAiIds("x-pillion-caller", "narrow");
        assertTrue(ids.contains("class:fast"), ids::toString);
        assertFalse(ids.contains("class:frontier"), ids::toString);
        assertFalse(ids.stream().anyMatch(id -> id.contains("claude")), ids::toString);
        HttpResponse<String> other =
                send("GET", "/v1/models/claude-sonnet-5-5", "x-pillion-caller", "narrow");
        assertEquals(404, other.statusCode(), other.body());
    }

    @ParameterizedTest
    @CsvSource({
        "class:fast, 200",
        "openai/gpt-5.6-luna, 200",
        "class:frontier, 403",
        "openai/gpt-5.5, 403",
        "openai/gpt-5.5-pro, 403",
        "anthropic/claude-haiku-4-5, 403",
    })
    void aCallerGetsAnswersOfItsClassesAndProvidersOnly(String model, int status) throws Exception {
        String body =
                "{\"model\":\""
                        + model
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        HttpResponse<String> answer = bed.post("/v1/generate", body, "x-pillion-caller", "narrow");
        assertEquals(status, answer.statusCode(), answer.body());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void pagesOfAnthropicAddUpToTheListInBothDirections(int limit) throws Exception {
        List<String> expected = openAiIds();
        List<String> forward = new ArrayList<>();
        String path = "/v1/models?limit=" + limit;
        JsonNode page = get(path, ANTHROPIC);
        forward.addAll(texts(page.path("data"), "id"));
        while (page.path("has_more").asBoolean()) {
            page = get(path + "&after_id=" + page.path("last_id").asText(), ANTHROPIC);
            forward.addAll(texts(page.path("data"), "id"));
        }
        assertEquals(expected, forward);
        List<String> back = new ArrayList<>();
        String first = expected.getLast();
        do {
            page = get(path + "&before_id=" + first, ANTHROPIC);
            back.addAll(0, texts(page.path("data"), "id"));
            first = page.path("first_id").asText();
        } while (page.path("has_more").asBoolean());
        assertEquals(expected.subList(0, expected.size() - 1), back);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1beta", "v1alpha"})
    void pagesOfGeminiAddUpToTheList(String version) throws Exception {
        List<String> names = new ArrayList<>();
        String path = "/" + version + "/models?pageSize=9";
        JsonNode page = get(path, GEMINI);
        names.addAll(texts(page.path("models"), "name"));
        while (page.has("nextPageToken")) {
            String token = page.path("nextPageToken").asText();
            page = get(path + "&pageToken=" + token, GEMINI);
            names.addAll(texts(page.path("models"), "name"));
        }
        assertEquals(openAiIds().stream().map(id -> "models/" + id).toList(), names);
    }

    @Test
    void eachSurfaceHasItsOwnShape() throws Exception {
        JsonNode openAi = get("/v1/models/gpt-4o");
        assertEquals("model", openAi.path("object").asText());
        assertTrue(openAi.path("created").isIntegralNumber());
        assertEquals("openai", openAi.path("owned_by").asText());
        JsonNode anthropic = get("/v1/models/claude-sonnet-5-5", ANTHROPIC);
        assertEquals("model", anthropic.path("type").asText());
        assertTrue(anthropic.path("max_input_tokens").asInt() > 0);
        assertTrue(anthropic.at("/capabilities/image_input/supported").asBoolean());
        JsonNode gemini = get("/v1/models/gemini-3.8-flash?key=canary");
        assertTrue(gemini.path("inputTokenLimit").asInt() > 0);
        assertTrue(gemini.path("supportedGenerationMethods").toString().contains("countTokens"));
        JsonNode vectors = get("/v1beta/models/vectors");
        assertEquals(
                "[\"embedContent\",\"batchEmbedContents\"]",
                vectors.path("supportedGenerationMethods").toString());
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearestInTheSurfacesShape() throws Exception {
        String path = "models/claude-sonet-5-5";
        HttpResponse<String> openAi = send("GET", "/v1/" + path);
        HttpResponse<String> anthropic = send("GET", "/v1/" + path, ANTHROPIC);
        HttpResponse<String> gemini = send("GET", "/v1beta/" + path);
        for (HttpResponse<String> answer : List.of(openAi, anthropic, gemini)) {
            assertEquals(404, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("claude-sonnet-5-5"), answer.body());
        }
        assertEquals("model_not_found", TestSidecar.json(openAi).at("/error/code").asText());
        assertEquals("not_found_error", TestSidecar.json(anthropic).at("/error/type").asText());
        assertEquals("NOT_FOUND", TestSidecar.json(gemini).at("/error/status").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, /v1/models",
        "POST, /v1/models",
        "DELETE, /v1/models/gpt-4o",
        "PATCH, /v1beta/models/gpt-4o"
    })
    void anotherMethodThanGetIsRefusedSayingSo(String method, String path) throws Exception {
        HttpResponse<String> answer = send(method, path);
        assertEquals(405, answer.statusCode(), answer.body());
        assertEquals("GET", answer.headers().firstValue("allow").orElse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/models?limit=0, anthropic-version",
        "/v1/models?limit=many, anthropic-version",
        "/v1/models?after_id=nobody, anthropic-version",
        "/v1/models?after_id=gpt-4o&before_id=gpt-4o, anthropic-version",
        "/v1/models?pageSize=-1, x-goog-api-key",
        "/v1/models?pageToken=nobody, x-goog-api-key"
    })
    void aPageThatIsNoneIsRefused(String path, String header) throws Exception {
        HttpResponse<String> answer = send("GET", path, header, "2023-06-01");
        assertEquals(400, answer.statusCode(), answer.body());
    }

    /** A surface, how its request names a model, and its body. */
    private record Asked(String path, String body, boolean vectors) {}

    private static final List<Asked> SURFACES =
            List.of(
                    new Asked(
                            "/v1/generate",
                            "{'model':'%s','messages':[{'role':'user','content':'hi'}]}",
                            false),
                    new Asked(
                            "/v1/chat/completions",
                            "{'model':'%s','messages':[{'role':'user','content':'hi'}]}",
                            false),
                    new Asked("/v1/responses", "{'model':'%s','input':'hi'}", false),
                    new Asked(
                            "/v1/messages",
                            "{'model':'%s','max_tokens':99,"
                                    + "'messages':[{'role':'user','content':'hi'}]}",
                            false),
                    new Asked(
                            "/v1beta/models/%s:generateContent",
                            "{'contents':[{'parts':[{'text':'hi'}]}]}", false),
                    new Asked("/v1/embeddings", "{'model':'%s','input':'hi'}", true),
                    new Asked(
                            "/v1beta/models/%s:embedContent",
                            "{'content':{'parts':[{'text':'hi'}]}}", true));

    static Stream<Arguments> surfacesAndNames() {
        List<String> chat =
                List.of(
                        "claude-sonnet-5-5",
                        "gpt-4o",
                        "gemini-3.8-flash",
                        "anthropic/claude-sonnet-5-5",
                        "openai/gpt-4.1",
                        "gemini/gemini-3.8-flash",
                        "swift",
                        "class:fast",
                        "class:balanced",
                        "class:frontier");
        List<String> vectors =
                List.of(
                        "text-embedding-3-small",
                        "openai/text-embedding-3-small",
                        "gemini/gemini-embedding-2",
                        "vectors");
        return SURFACES.stream()
                .flatMap(asked ->
                        (asked.vectors() ? vectors : chat)
                                .stream()
                                        .map(name ->
                                                Arguments.of(asked.path(), name, asked.body())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("surfacesAndNames")
    void everyKindOfNameIsTakenOnEverySurface(String path, String name, String body)
            throws Exception {
        String encoded = name.replace("/", "%2F").replace(":", "%3A");
        HttpResponse<String> answer =
                bed.post(path.formatted(encoded), body.replace('\'', '"').formatted(name));
        assertEquals(200, answer.statusCode(), answer.body());
        String served = answer.headers().firstValue("x-pillion-model").orElse("");
        String asked = name.substring(name.indexOf('/') + 1);
        boolean house = name.startsWith("class:") || name.equals("swift") || name.equals("vectors");
        assertTrue(house ? !served.isEmpty() : served.equals(asked), served);
    }

    static Stream<Arguments> credentials() {
        return SURFACES.stream()
                .flatMap(asked ->
                        Stream.of("authorization", "x-api-key", "x-goog-api-key", "?key=")
                                .map(by ->
                                        Arguments.of(
                                                by, asked.path(), asked.body(), asked.vectors())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("credentials")
    @DisplayName("A client's credential, however it comes, is taken and goes to no vendor")
    void aClientsCredentialGoesNowhere(String by, String path, String body, boolean vectors)
            throws Exception {
        List<String> names =
                vectors
                        ? List.of("text-embedding-3-small", "gemini-embedding-2")
                        : List.of("claude-sonnet-5-5", "gpt-4o", "gemini-3.8-flash");
        for (String name : names) {
            boolean inQuery = by.startsWith("?");
            String target = path.formatted(name) + (inQuery ? "?key=canary-client" : "");
            String asked = body.replace('\'', '"').formatted(name);
            HttpResponse<String> answer =
                    inQuery
                            ? bed.post(target, asked)
                            : bed.post(target, asked, by, "Bearer canary-client");
            assertEquals(200, answer.statusCode(), answer.body());
            Simulator vendor =
                    name.startsWith("claude")
                            ? bed.anthropic
                            : name.startsWith("gemini") ? bed.gemini : bed.openai;
            SeenRequest seen = vendor.log().last();
            assertNotNull(seen);
            String all = seen.path() + "?" + seen.query() + seen.headers() + seen.body();
            assertFalse(all.contains("canary"), all);
            assertTrue(all.contains("real-key"), all);
        }
    }
}
