package dev.pillion.sdks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.ContentTooLargeException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.Base64PdfSource;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.StructuredTextBlock;
import com.anthropic.models.messages.TextBlock;
import com.anthropic.models.messages.ThinkingBlock;
import com.anthropic.models.messages.ThinkingConfigAdaptive;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import com.anthropic.models.messages.ToolChoiceAuto;
import com.anthropic.models.messages.ToolChoiceNone;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.messages.UrlImageSource;
import com.anthropic.models.messages.WebSearchTool20250305;
import com.anthropic.models.models.ModelInfo;
import com.google.errorprone.annotations.MustBeClosed;
import dev.pillion.sdks.Weather.Arguments;
import dev.pillion.sdks.Weather.Report;
import dev.pillion.sidecar.simulate.Misbehaviour;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** anthropic-java, Messages. It takes no socket factory, and so has no test on the Unix socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnthropicTest {
    private static final int ENDLESS = 100;

    private final Stage stage = Stage.open();
    private final Row row =
            Row.of("anthropic-java", "", stage, BadRequestException.class::isInstance);
    private final AnthropicClient client = tcp().build();

    AnthropicTest() throws Exception {}

    private AnthropicOkHttpClient.Builder tcp() {
        return AnthropicOkHttpClient.builder()
                .baseUrl(stage.url())
                .apiKey("unused")
                .responseValidation(true);
    }

    @AfterAll
    void close() throws Exception {
        client.close();
        stage.close();
    }

    private static String model(Vendor vendor) {
        return vendor == Vendor.ANTHROPIC ? vendor.model() : vendor.qualified();
    }

    private static MessageCreateParams.Builder to(Vendor vendor) {
        return to(model(vendor));
    }

    private static MessageCreateParams.Builder to(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(4_096);
    }

    private static List<TextBlock> texts(Message message) {
        return message.content().stream().flatMap(block -> block.text().stream()).toList();
    }

    private static String text(Message message) {
        var text = texts(message).stream().map(TextBlock::text).collect(Collectors.joining());
        assertFalse(text.isEmpty());
        return text;
    }

    private Message create(MessageCreateParams.Builder params) {
        return client.messages().create(params.build());
    }

    private static String ask(AnthropicClient client, String model, String question) {
        return text(client.messages().create(to(model).addUserMessage(question).build()));
    }

    /** The whole of a stream by the SDK's accumulator, held against the events themselves. */
    private Message streamed(MessageCreateParams.Builder params) {
        return streamed(client, params);
    }

    private static Message streamed(AnthropicClient client, MessageCreateParams.Builder params) {
        var whole = MessageAccumulator.create();
        List<RawMessageStreamEvent> events;
        try (var stream = client.messages().createStreaming(params.build())) {
            events = stream.stream().peek(whole::accumulate).toList();
        }
        assertTrue(events.getFirst().isMessageStart());
        assertTrue(events.getLast().isMessageStop());
        assertEquals(1, events.stream().filter(RawMessageStreamEvent::isMessageStart).count());
        assertEquals(1, events.stream().filter(RawMessageStreamEvent::isMessageStop).count());
        var message = whole.message();
        var deltas =
                events.stream()
                        .flatMap(event -> event.contentBlockDelta().stream())
                        .flatMap(event -> event.delta().text().stream())
                        .map(delta -> delta.text())
                        .collect(Collectors.joining());
        assertEquals(
                texts(message).stream().map(TextBlock::text).collect(Collectors.joining()), deltas);
        assertTrue(message.usage().outputTokens() > 0);
        return message;
    }

    @TestFactory
    Stream<DynamicTest> chat() {
        return row.cells("chat", this::converse);
    }

    private void converse(Vendor vendor) {
        var params = to(vendor).system("You are brief.").addUserMessage("Say “bonjour”.");
        Message first;
        try (var raw = client.messages().withRawResponse().create(params.build())) {
            assertEquals(List.of(vendor.id()), raw.headers().values("x-pillion-provider"));
            first = raw.parse();
        }
        assertTrue(text(first).contains("bonjour"), text(first));
        assertEquals(StopReason.END_TURN, first.stopReason().orElseThrow());
        assertTrue(first.usage().inputTokens() > 0 && first.usage().outputTokens() > 0);
        params.addMessage(first).addUserMessage("And “bonsoir”.");
        assertTrue(text(create(params)).contains("bonsoir"));
    }

    @TestFactory
    Stream<DynamicTest> stream() {
        return row.cells(
                "stream",
                vendor -> {
                    var whole = streamed(to(vendor).addUserMessage("Say “grüezi 🏔”."));
                    assertTrue(text(whole).contains("grüezi 🏔"), text(whole));
                });
    }

    @TestFactory
    Stream<DynamicTest> tools() {
        return row.cells("tools", vendor -> bothWays(vendor, Weather.ASK_ONE, "Oslo"));
    }

    @TestFactory
    Stream<DynamicTest> parallelTools() {
        return row.cells("parallel_tools", this::parallel);
    }

    private void parallel(Vendor vendor) {
        bothWays(vendor, Weather.ASK_BOTH, "Oslo", "Rome");
        oneAtATime(vendor);
        var none = asking(vendor, Weather.ASK_BOTH).toolChoice(ToolChoiceNone.builder().build());
        assertFalse(text(create(none)).isEmpty());
        var any = asking(vendor, "Hi").toolChoice(ToolChoiceAny.builder().build());
        assertEquals(1, calls(create(any)).size());
        assertEquals(1, calls(create(asking(vendor, "Hi").toolToolChoice(Weather.TOOL))).size());
    }

    /** Gemini has no such switch, and Pillion does not ignore one. */
    private void oneAtATime(Vendor vendor) {
        var choice = ToolChoiceAuto.builder().disableParallelToolUse(true).build();
        var one = asking(vendor, Weather.ASK_BOTH).toolChoice(choice);
        if (vendor == Vendor.GEMINI) {
            var refused = assertThrows(BadRequestException.class, () -> create(one));
            assertTrue(String.valueOf(refused.getMessage()).contains("parallel"), refused + "");
        } else {
            assertEquals(1, calls(create(one)).size());
        }
    }

    private static MessageCreateParams.Builder asking(Vendor vendor, String question) {
        var city = Map.of("type", "string", "description", "Its name");
        var schema =
                Tool.InputSchema.builder()
                        .properties(
                                Tool.InputSchema.Properties.builder()
                                        .putAdditionalProperty("city", JsonValue.from(city))
                                        .build())
                        .addRequired("city")
                        .build();
        var tool =
                Tool.builder()
                        .name(Weather.TOOL)
                        .description("The weather of a city")
                        .inputSchema(schema)
                        .build();
        return to(vendor).addTool(tool).addUserMessage(question);
    }

    private void bothWays(Vendor vendor, String question, String... cities) {
        loop(asking(vendor, question), this::create, cities);
        loop(asking(vendor, question), this::streamed, cities);
    }

    private static List<ToolUseBlock> calls(Message message) {
        return message.content().stream().flatMap(block -> block.toolUse().stream()).toList();
    }

    private static void loop(
            MessageCreateParams.Builder params,
            Function<MessageCreateParams.Builder, Message> send,
            String... cities) {
        var called = send.apply(params);
        assertEquals(StopReason.TOOL_USE, called.stopReason().orElseThrow());
        var ids = new HashSet<String>();
        var results = new ArrayList<ContentBlockParam>();
        for (var call : calls(called)) {
            assertEquals(Weather.TOOL, call.name());
            assertTrue(ids.add(call.id()), call.id());
            var arguments = call._input().convert(Arguments.class);
            results.add(
                    ContentBlockParam.ofToolResult(
                            ToolResultBlockParam.builder()
                                    .toolUseId(call.id())
                                    .content(Weather.RESULT + arguments.city)
                                    .build()));
        }
        assertEquals(cities.length, ids.size());
        params.addMessage(called).addUserMessageOfContentBlockParams(results);
        var answered = send.apply(params);
        for (var city : cities) {
            assertTrue(text(answered).contains(Weather.RESULT + city), text(answered));
        }
    }

    @TestFactory
    Stream<DynamicTest> structured() {
        return row.cells("structured", this::parse);
    }

    private void parse(Vendor vendor) {
        var params =
                to(vendor)
                        .addUserMessage("How is it in Oslo? 4 degrees.")
                        .outputConfig(Report.class)
                        .build();
        var reports =
                client.messages().create(params).content().stream()
                        .flatMap(block -> block.text().stream())
                        .map(StructuredTextBlock::text)
                        .toList();
        assertEquals(1, reports.size());
        assertEquals("Oslo", reports.getFirst().city);
        var whole = MessageAccumulator.create();
        try (var events = client.messages().createStreaming(params)) {
            events.stream().forEach(whole::accumulate);
        }
        var streamed =
                whole.message(Report.class).content().stream()
                        .flatMap(block -> block.text().stream())
                        .map(StructuredTextBlock::text)
                        .toList();
        assertEquals("Oslo", streamed.getFirst().city);
    }

    private void show(Vendor vendor, ContentBlockParam block) {
        var content = List.of(ContentBlockParam.ofText("What is it?"), block);
        assertFalse(text(create(to(vendor).addUserMessageOfContentBlockParams(content))).isEmpty());
    }

    @TestFactory
    Stream<DynamicTest> image() {
        return row.cells("image", this::showImage);
    }

    private void showImage(Vendor vendor) {
        var png =
                Base64ImageSource.builder()
                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                        .data(Weather.PNG)
                        .build();
        show(vendor, ContentBlockParam.ofImage(png));
        stage.assertSeen(vendor, Weather.PNG);
        var url = UrlImageSource.builder().url(Weather.IMAGE_URL).build();
        show(vendor, ContentBlockParam.ofImage(url));
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
        var pdf = Base64PdfSource.builder().data(Weather.pdf()).build();
        show(vendor, ContentBlockParam.ofDocument(pdf));
        stage.assertSeen(vendor, Weather.pdf());
    }

    @TestFactory
    Stream<DynamicTest> thinking() {
        return row.cells("thinking", this::think);
    }

    private void think(Vendor vendor) {
        var message = create(thinking(to(vendor).addUserMessage("Think.")));
        var thoughts =
                message.content().stream().flatMap(block -> block.thinking().stream()).toList();
        assertFalse(thoughts.isEmpty());
        assertTrue(thoughts.stream().map(ThinkingBlock::thinking).anyMatch(t -> !t.isEmpty()));
        loop(thinking(asking(vendor, Weather.ASK_BOTH)), this::create, "Oslo", "Rome");
        loop(thinking(asking(vendor, Weather.ASK_BOTH)), this::streamed, "Oslo", "Rome");
    }

    private static MessageCreateParams.Builder thinking(MessageCreateParams.Builder params) {
        var shown = ThinkingConfigAdaptive.Display.SUMMARIZED;
        return params.thinking(ThinkingConfigAdaptive.builder().display(shown).build())
                .outputConfig(OutputConfig.builder().effort(OutputConfig.Effort.HIGH).build());
    }

    @TestFactory
    Stream<DynamicTest> websearch() {
        return row.cells("websearch", this::search);
    }

    private void search(Vendor vendor) {
        // The SDK's strictness, off by default, knows no name of a server's tool, its own included.
        var lenient = client.withOptions(options -> options.responseValidation(false));
        var asked = searching(vendor);
        var whole = lenient.messages().create(asked.build());
        cites(vendor, whole);
        cites(vendor, streamed(lenient, asked));
        asked.addMessage(whole).addUserMessage("Say “bonsoir”.");
        assertFalse(text(lenient.messages().create(asked.build())).isEmpty());
    }

    private static MessageCreateParams.Builder searching(Vendor vendor) {
        return to(vendor)
                .addUserMessage(Weather.SEARCH)
                .addTool(WebSearchTool20250305.builder().build());
    }

    /** xAI gives its sources no titles. */
    private static void cites(Vendor vendor, Message message) {
        int cited = 0;
        for (var text : texts(message)) {
            for (var citation : text.citations().orElse(List.of())) {
                var page = citation.asWebSearchResultLocation();
                assertTrue(page.url().startsWith("https://"), page.url());
                assertEquals(vendor == Vendor.XAI, page.title().orElse("").isEmpty());
                cited++;
            }
        }
        assertTrue(cited > 0);
        assertEquals(StopReason.END_TURN, message.stopReason().orElseThrow());
    }

    @TestFactory
    Stream<DynamicTest> countTokens() {
        return row.cells(
                "count_tokens",
                this::count,
                Expected.refused("counts no tokens", "xAI counts no tokens", Vendor.XAI));
    }

    private void count(Vendor vendor) {
        var params =
                MessageCountTokensParams.builder().model(model(vendor)).addUserMessage("Count.");
        assertTrue(client.messages().countTokens(params.build()).inputTokens() > 0);
    }

    @TestFactory
    Stream<DynamicTest> embeddings() {
        return row.cells("embeddings", _ -> {}, Expected.none("", Vendor.values()));
    }

    @TestFactory
    Stream<DynamicTest> models() {
        return row.own("models", this::listModels);
    }

    private void listModels(Vendor vendor) {
        var all = client.models().list().autoPager().stream().map(ModelInfo::id).toList();
        assertTrue(all.contains(vendor.qualified()) || all.contains(vendor.model()), all + "");
        assertEquals(model(vendor), client.models().retrieve(model(vendor)).id());
        assertThrows(
                NotFoundException.class, () -> client.models().retrieve(vendor.id() + "/no-such"));
    }

    @TestFactory
    Stream<DynamicTest> errors() {
        return row.cells("errors", this::raisesTypedExceptions);
    }

    private void raisesTypedExceptions(Vendor vendor) {
        var model = model(vendor);
        assertThrows(BadRequestException.class, () -> create(to(vendor).messages(List.of())));
        assertThrows(NotFoundException.class, () -> ask(client, vendor.id() + "/no-such", "Hi"));
        var large = "Long. ".repeat(Stage.MAX_BODY_BYTES / 6 + 1);
        assertThrows(ContentTooLargeException.class, () -> ask(client, model, large));
        var barred = tcp().putHeader("x-pillion-caller", Stage.BARRED_CALLER).build();
        assertThrows(PermissionDeniedException.class, () -> ask(barred, model, "Hi"));
        barred.close();
        faulted(vendor, 429, RateLimitException.class);
        faulted(vendor, vendor == Vendor.ANTHROPIC ? 529 : 503, OverloadedException.class);
        faulted(vendor, 401, InternalServerException.class);
        brokenOff(vendor);
    }

    /** The SDK's own retries, two by default, would multiply those that Pillion made. */
    private void faulted(
            Vendor vendor, int status, Class<? extends AnthropicServiceException> type) {
        var simulator = stage.vendor(vendor);
        simulator.faults().arm(new Misbehaviour.Status(status), ENDLESS, 1, "");
        long before = simulator.log().requestCount();
        var raised = assertThrows(type, () -> ask(client, model(vendor), "Hi"));
        long attempts = Long.parseLong(raised.headers().values("x-pillion-attempts").getFirst());
        assertEquals(attempts, simulator.log().requestCount() - before);
        simulator.faults().clear();
    }

    @MustBeClosed
    private StreamResponse<RawMessageStreamEvent> stream(Vendor vendor) {
        return client.messages().createStreaming(to(vendor).addUserMessage(Weather.LONG).build());
    }

    private void brokenOff(Vendor vendor) {
        stage.vendor(vendor).faults().arm(new Misbehaviour.ErrorEvent(8, 503), 1, 1, "");
        try (var events = stream(vendor)) {
            assertThrows(AnthropicException.class, () -> events.stream().forEach(_ -> {}));
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
        try (var events = stream(vendor)) {
            assertTrue(events.stream().findFirst().isPresent());
        }
        stage.awaitCancelled(vendor, before + 1);
    }
}
