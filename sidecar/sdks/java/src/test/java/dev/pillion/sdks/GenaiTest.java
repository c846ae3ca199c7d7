package dev.pillion.sdks;

import static dev.pillion.sdks.GenaiTurns.asking;
import static dev.pillion.sdks.GenaiTurns.choosing;
import static dev.pillion.sdks.GenaiTurns.ended;
import static dev.pillion.sdks.GenaiTurns.reporting;
import static dev.pillion.sdks.GenaiTurns.results;
import static dev.pillion.sdks.GenaiTurns.says;
import static dev.pillion.sdks.GenaiTurns.turn;
import static dev.pillion.sdks.GenaiTurns.words;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.Candidate;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.Content;
import com.google.genai.types.FinishReason;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GoogleSearch;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.ListModelsConfig;
import com.google.genai.types.Model;
import com.google.genai.types.Part;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import dev.pillion.sdks.Weather.Report;
import dev.pillion.sidecar.simulate.Misbehaviour;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;

/** google-genai, generateContent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenaiTest {
    private static final int ENDLESS = 100;
    private static final GenerateContentConfig PLAIN = GenerateContentConfig.builder().build();

    private final Stage stage = Stage.open();
    private final Row row =
            Row.of(
                    "google-genai",
                    "",
                    stage,
                    e -> e instanceof ClientException raised && raised.code() == 400);
    private final Client client = client(http()).build();

    /** The SDK makes up to five attempts, whatever a server says of retrying: here it makes one. */
    private final Client once =
            client(http().retryOptions(HttpRetryOptions.builder().attempts(1))).build();

    GenaiTest() throws Exception {}

    private HttpOptions.Builder http() {
        return HttpOptions.builder().baseUrl(stage.url());
    }

    private static Client.Builder client(HttpOptions.Builder http) {
        return Client.builder().apiKey("unused").httpOptions(http.build());
    }

    @AfterAll
    void close() throws Exception {
        client.close();
        once.close();
        stage.close();
    }

    private static String model(Vendor vendor) {
        return vendor == Vendor.GEMINI ? vendor.model() : vendor.qualified();
    }

    private static String text(GenerateContentResponse response) {
        var text = Objects.requireNonNullElse(response.text(), "");
        assertFalse(text.isEmpty(), response + "");
        return text;
    }

    private GenerateContentResponse ask(
            Vendor vendor, GenerateContentConfig config, Content... turns) {
        return client.models.generateContent(model(vendor), List.of(turns), config);
    }

    private List<GenerateContentResponse> streamed(
            Vendor vendor, GenerateContentConfig config, Content... turns) {
        var chunks = new ArrayList<GenerateContentResponse>();
        var turnList = List.of(turns);
        try (var stream = client.models.generateContentStream(model(vendor), turnList, config)) {
            stream.forEach(chunks::add);
        }
        long ends = chunks.stream().filter(chunk -> ended(chunk).isPresent()).count();
        assertEquals(1, ends, chunks + "");
        assertTrue(ended(chunks.getLast()).isPresent());
        var usage = chunks.getLast().usageMetadata().orElseThrow();
        assertTrue(usage.totalTokenCount().orElse(0) > 0);
        return chunks;
    }

    @Test
    void theUnixSocketServesAsTcpDoes() {
        var unix = new OkHttpClient.Builder().socketFactory(new UnixSockets(stage.socket()));
        var options = ClientOptions.builder().customHttpClient(unix.build()).build();
        try (var there =
                client(HttpOptions.builder().baseUrl("http://localhost"))
                        .clientOptions(options)
                        .build()) {
            var model = model(Vendor.GEMINI);
            var said = text(there.models.generateContent(model, "Say “grüezi”.", PLAIN));
            assertTrue(said.contains("grüezi"), said);
        }
    }

    @TestFactory
    Stream<DynamicTest> chat() {
        return row.cells("chat", this::converse);
    }

    private void converse(Vendor vendor) {
        var chat =
                client.chats.create(
                        model(vendor),
                        GenerateContentConfig.builder()
                                .systemInstruction(says("You are brief."))
                                .build());
        var first = chat.sendMessage("Say “bonjour”.");
        var headers = first.sdkHttpResponse().orElseThrow().headers().orElseThrow();
        assertEquals(vendor.id(), headers.get("x-pillion-provider"));
        assertTrue(text(first).contains("bonjour"), text(first));
        assertEquals(FinishReason.Known.STOP, ended(first).orElseThrow().knownEnum());
        var usage = first.usageMetadata().orElseThrow();
        assertTrue(usage.promptTokenCount().orElse(0) > 0);
        assertTrue(usage.candidatesTokenCount().orElse(0) > 0);
        assertTrue(text(chat.sendMessage("And “bonsoir”.")).contains("bonsoir"));
    }

    @TestFactory
    Stream<DynamicTest> stream() {
        return row.cells("stream", this::streamTwice);
    }

    private void streamTwice(Vendor vendor) {
        var chunks = streamed(vendor, PLAIN, says("Say “grüezi 🏔”. " + Weather.LONG));
        assertTrue(chunks.size() > 2, chunks.size() + " chunks");
        assertTrue(words(turn(chunks)).contains("grüezi 🏔"), words(turn(chunks)));
        var chat = client.chats.create(model(vendor));
        try (var stream = chat.sendMessageStream("Say “bonjour”.")) {
            stream.forEach(chunk -> assertTrue(chunk.candidates().isPresent()));
        }
        assertTrue(text(chat.sendMessage("And “bonsoir”.")).contains("bonsoir"));
    }

    @TestFactory
    Stream<DynamicTest> tools() {
        return row.cells(
                "tools",
                vendor -> {
                    bothWays(vendor, asking().build(), Weather.ASK_ONE, "Oslo");
                    automatic(vendor);
                });
    }

    /** The SDK's automatic function calling: its own loop, around a Java method. */
    private void automatic(Vendor vendor) throws NoSuchMethodException {
        var method = Weather.class.getMethod("getWeather", String.class);
        var config =
                GenerateContentConfig.builder().tools(Tool.builder().functions(method)).build();
        var said = text(ask(vendor, config, says("call getWeather for the city of Oslo")));
        assertTrue(said.contains(Weather.RESULT + "Oslo"), said);
    }

    @TestFactory
    Stream<DynamicTest> parallelTools() {
        return row.cells("parallel_tools", this::parallel);
    }

    private void parallel(Vendor vendor) {
        bothWays(vendor, asking().build(), Weather.ASK_BOTH, "Oslo", "Rome");
        var none = asking().toolConfig(choosing("NONE")).build();
        assertFalse(text(ask(vendor, none, says(Weather.ASK_BOTH))).isEmpty());
        var any = asking().toolConfig(choosing("ANY")).build();
        assertEquals(1, calls(ask(vendor, any, says("Hi"))).size());
        var named = asking().toolConfig(choosing("ANY", Weather.TOOL)).build();
        assertEquals(1, calls(ask(vendor, named, says("Hi"))).size());
    }

    private static List<FunctionCall> calls(GenerateContentResponse response) {
        return Objects.requireNonNull(response.functionCalls());
    }

    private void bothWays(
            Vendor vendor, GenerateContentConfig config, String question, String... cities) {
        var asked = says(question);
        var whole = ask(vendor, config, asked);
        var called = whole.candidates().orElseThrow().getFirst().content().orElseThrow();
        var answered = ask(vendor, config, asked, called, results(called, cities));
        assertAnswers(text(answered), cities);
        var pieces = turn(streamed(vendor, config, asked));
        var last = turn(streamed(vendor, config, asked, pieces, results(pieces, cities)));
        assertAnswers(words(last), cities);
    }

    private static void assertAnswers(String said, String... cities) {
        for (var city : cities) {
            assertTrue(said.contains(Weather.RESULT + city), said);
        }
    }

    @TestFactory
    Stream<DynamicTest> structured() {
        return row.cells("structured", this::parse);
    }

    private void parse(Vendor vendor) throws Exception {
        var config = reporting();
        var question = says("How is it in Oslo? 4 degrees.");
        var json = new JsonMapper();
        assertEquals(
                "Oslo", json.readValue(text(ask(vendor, config, question)), Report.class).city);
        var streamed = words(turn(streamed(vendor, config, question)));
        assertEquals("Oslo", json.readValue(streamed, Report.class).city);
    }

    private void show(Vendor vendor, Part part) {
        var content =
                Content.builder().role("user").parts(Part.fromText("What is it?"), part).build();
        assertFalse(text(ask(vendor, PLAIN, content)).isEmpty());
    }

    @TestFactory
    Stream<DynamicTest> image() {
        return row.cells("image", this::showImage);
    }

    private void showImage(Vendor vendor) {
        show(vendor, Part.fromBytes(Base64.getDecoder().decode(Weather.PNG), "image/png"));
        stage.assertSeen(vendor, Weather.PNG);
        show(vendor, Part.fromUri(Weather.IMAGE_URL, "image/png"));
        stage.assertSeen(vendor, Weather.IMAGE_URL);
    }

    @TestFactory
    Stream<DynamicTest> document() {
        return row.cells(
                "document",
                this::showDocument,
                Expected.refused(
                        "/messages/0/content/1", "xAI takes no document's bytes", Vendor.XAI));
    }

    private void showDocument(Vendor vendor) {
        var pdf = Base64.getDecoder().decode(Weather.pdf());
        show(vendor, Part.fromBytes(pdf, "application/pdf"));
        stage.assertSeen(vendor, Weather.pdf());
    }

    @TestFactory
    Stream<DynamicTest> thinking() {
        return row.cells("thinking", this::think);
    }

    private void think(Vendor vendor) {
        var thinking = ThinkingConfig.builder().thinkingLevel("HIGH").includeThoughts(true);
        var alone = GenerateContentConfig.builder().thinkingConfig(thinking).build();
        var response = ask(vendor, alone, says("Think."));
        var parts = Objects.requireNonNull(response.parts());
        assertTrue(parts.stream().anyMatch(GenaiTurns::isThought), parts + "");
        var usage = response.usageMetadata().orElseThrow();
        assertTrue(usage.thoughtsTokenCount().orElse(0) > 0, usage + "");
        var config = asking().thinkingConfig(thinking).build();
        bothWays(vendor, config, Weather.ASK_BOTH, "Oslo", "Rome");
    }

    @TestFactory
    Stream<DynamicTest> websearch() {
        return row.cells("websearch", this::search);
    }

    private void search(Vendor vendor) {
        var config =
                GenerateContentConfig.builder()
                        .tools(Tool.builder().googleSearch(GoogleSearch.builder()))
                        .build();
        cites(List.of(ask(vendor, config, says(Weather.SEARCH))));
        cites(streamed(vendor, config, says(Weather.SEARCH)));
    }

    private static void cites(List<GenerateContentResponse> chunks) {
        var grounding =
                chunks.stream()
                        .flatMap(chunk -> chunk.candidates().stream())
                        .map(List<Candidate>::getFirst)
                        .flatMap(candidate -> candidate.groundingMetadata().stream())
                        .toList();
        assertFalse(grounding.isEmpty());
        var said = grounding.getLast();
        for (var chunk : said.groundingChunks().orElseThrow()) {
            assertTrue(chunk.web().orElseThrow().uri().orElseThrow().startsWith("https://"));
        }
        assertFalse(said.groundingSupports().orElseThrow().isEmpty());
    }

    @TestFactory
    Stream<DynamicTest> countTokens() {
        return row.cells(
                "count_tokens",
                this::count,
                Expected.refused("counts no tokens", "xAI counts no tokens", Vendor.XAI));
    }

    private void count(Vendor vendor) {
        var counted = client.models.countTokens(model(vendor), "Count me.", null);
        assertTrue(counted.totalTokens().orElse(0) > 0);
    }

    @TestFactory
    Stream<DynamicTest> embeddings() {
        return row.cells(
                "embeddings", this::embed, Expected.none("", Vendor.ANTHROPIC, Vendor.XAI));
    }

    private void embed(Vendor vendor) {
        var model =
                vendor == Vendor.GEMINI ? "gemini-embedding-001" : "openai/text-embedding-3-small";
        var reply = client.models.embedContent(model, List.of("one text", "another"), null);
        var vectors = reply.embeddings().orElseThrow();
        assertEquals(2, vectors.size());
        assertTrue(vectors.getLast().values().orElseThrow().size() > 100);
    }

    @TestFactory
    Stream<DynamicTest> models() {
        return row.own("models", this::listModels);
    }

    private void listModels(Vendor vendor) {
        var all = new ArrayList<String>();
        for (Model model : client.models.list(ListModelsConfig.builder().pageSize(10).build())) {
            all.add(model.name().orElseThrow());
        }
        var names = List.of("models/" + vendor.qualified(), "models/" + vendor.model());
        assertTrue(names.stream().anyMatch(all::contains), all + "");
        var one = client.models.get(model(vendor), null);
        assertEquals("models/" + model(vendor), one.name().orElseThrow());
        raises(ClientException.class, 404, () -> client.models.get(vendor.id() + "/none", null));
    }

    private static void raises(Class<? extends ApiException> type, int code, Executable call) {
        assertEquals(code, assertThrows(type, call).code());
    }

    @TestFactory
    Stream<DynamicTest> errors() {
        return row.cells("errors", this::raisesTypedExceptions);
    }

    private void raisesTypedExceptions(Vendor vendor) {
        var model = model(vendor);
        var unheard = List.of(Content.builder().role("nobody").parts(Part.fromText("Hi")).build());
        raises(
                ClientException.class,
                400,
                () -> once.models.generateContent(model, unheard, PLAIN));
        raises(
                ClientException.class,
                404,
                () -> once.models.generateContent(vendor.id() + "/no-such", "Hi", PLAIN));
        var large = "Long. ".repeat(Stage.MAX_BODY_BYTES / 6 + 1);
        raises(ClientException.class, 413, () -> once.models.generateContent(model, large, PLAIN));
        try (var barred =
                client(http().headers(Map.of("x-pillion-caller", Stage.BARRED_CALLER))).build()) {
            raises(
                    ClientException.class,
                    403,
                    () -> barred.models.generateContent(model, "Hi", PLAIN));
        }
        faulted(vendor, 429, ClientException.class, 429);
        faulted(vendor, 503, ServerException.class, 503);
        faulted(vendor, 401, ServerException.class, 503);
        brokenOff(vendor);
    }

    private void faulted(
            Vendor vendor, int status, Class<? extends ApiException> type, int expected) {
        var simulator = stage.vendor(vendor);
        simulator.faults().arm(new Misbehaviour.Status(status), ENDLESS, 1, "");
        raises(type, expected, () -> once.models.generateContent(model(vendor), "Hi", PLAIN));
        simulator.faults().clear();
    }

    private ResponseStream<GenerateContentResponse> stream(Vendor vendor) {
        return client.models.generateContentStream(model(vendor), Weather.LONG, PLAIN);
    }

    private void brokenOff(Vendor vendor) {
        stage.vendor(vendor).faults().arm(new Misbehaviour.ErrorEvent(8, 503), 1, 1, "");
        try (var chunks = stream(vendor)) {
            assertThrows(ApiException.class, () -> chunks.forEach(_ -> {}));
        }
    }

    @TestFactory
    Stream<DynamicTest> cancel() {
        return row.cells("cancel", this::breakOff);
    }

    private void breakOff(Vendor vendor) throws Exception {
        var simulator = stage.vendor(vendor);
        simulator.faults().arm(new Misbehaviour.Slow(200), 1, 1, "");
        long before = simulator.log().cancelledCount();
        try (var chunks = stream(vendor)) {
            assertTrue(chunks.iterator().hasNext());
        }
        stage.awaitCancelled(vendor, before + 1);
    }
}
