package dev.pillion.sdks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.MustBeClosed;
import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputFile;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ToolChoiceFunction;
import com.openai.models.responses.ToolChoiceOptions;
import com.openai.models.responses.WebSearchTool;
import com.openai.models.responses.inputtokens.InputTokenCountParams;
import dev.pillion.sdks.Weather.Arguments;
import dev.pillion.sdks.Weather.Report;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** openai-java, Responses; without the vendor's memory of them, as Pillion's other vendors are. */
class OpenAiResponsesTest extends OpenAiSuite {
    OpenAiResponsesTest() throws Exception {
        super("responses");
    }

    private static ResponseCreateParams.Builder to(String model) {
        return ResponseCreateParams.builder().model(model).store(false);
    }

    private static ResponseInputItem says(String text) {
        return ResponseInputItem.ofEasyInputMessage(
                EasyInputMessage.builder().role(EasyInputMessage.Role.USER).content(text).build());
    }

    private static List<ResponseOutputText> texts(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .toList();
    }

    private static String text(Response response) {
        var text = texts(response).stream().map(ResponseOutputText::text);
        var all = text.collect(Collectors.joining());
        assertFalse(all.isEmpty());
        return all;
    }

    private Response create(ResponseCreateParams.Builder params) {
        var response = client.responses().create(params.build());
        assertEquals(ResponseStatus.COMPLETED, response.status().orElseThrow());
        return response;
    }

    @Override
    String ask(OpenAIClient client, String model, String question) {
        return text(client.responses().create(to(model).input(question).build()));
    }

    @MustBeClosed
    @Override
    StreamResponse<?> stream(String model, String question) {
        return client.responses().createStreaming(to(model).input(question).build());
    }

    @Override
    void askNonsense(String model) {
        client.responses().create(to(model).input("Hi").temperature(9.0).build());
    }

    /** The whole of a stream by the SDK's accumulator, held against the events themselves. */
    private Response streamed(ResponseCreateParams.Builder params) {
        return streamed(client, params);
    }

    private static Response streamed(OpenAIClient client, ResponseCreateParams.Builder params) {
        var whole = ResponseAccumulator.createWithSnapshots();
        List<ResponseStreamEvent> events;
        try (var stream = client.responses().createStreaming(params.build())) {
            events = stream.stream().peek(whole::accumulate).toList();
        }
        assertTrue(events.getFirst().isCreated());
        assertTrue(events.getLast().isCompleted());
        assertEquals(1, events.stream().filter(ResponseStreamEvent::isCreated).count());
        assertEquals(1, events.stream().filter(ResponseStreamEvent::isCompleted).count());
        var response = whole.response();
        assertEquals(
                texts(response).stream().map(ResponseOutputText::text).toList(),
                joined(events).stream().filter(text -> !text.isEmpty()).toList());
        assertTrue(response.usage().orElseThrow().outputTokens() > 0);
        assertEquals(response.output(), whole.reconstructedResponse().output());
        return response;
    }

    /** The deltas of each output text, by the items that they are of. */
    private static List<String> joined(List<ResponseStreamEvent> events) {
        return List.copyOf(
                events.stream()
                        .flatMap(event -> event.outputTextDelta().stream())
                        .collect(
                                Collectors.groupingBy(
                                        delta -> delta.outputIndex() * 100 + delta.contentIndex(),
                                        TreeMap::new,
                                        Collectors.mapping(
                                                delta -> delta.delta(), Collectors.joining())))
                        .values());
    }

    @TestFactory
    Stream<DynamicTest> chat() {
        return row.cells("chat", this::converse);
    }

    private void converse(Vendor vendor) {
        var turns = new ArrayList<>(List.of(says("Say “bonjour”.")));
        var params =
                to(model(vendor)).instructions("You are brief.").inputOfResponse(turns).build();
        Response first;
        try (var raw = client.responses().withRawResponse().create(params)) {
            assertEquals(List.of(vendor.id()), raw.headers().values("x-pillion-provider"));
            first = raw.parse();
        }
        assertTrue(text(first).contains("bonjour"), text(first));
        assertEquals(ResponseStatus.COMPLETED, first.status().orElseThrow());
        var usage = first.usage().orElseThrow();
        assertTrue(usage.inputTokens() > 0 && usage.outputTokens() > 0, usage + "");
        assertEquals(usage.totalTokens(), usage.inputTokens() + usage.outputTokens());
        takeBack(first, turns);
        turns.add(says("And “bonsoir”."));
        assertTrue(text(create(to(model(vendor)).inputOfResponse(turns))).contains("bonsoir"));
    }

    /** What an answer said goes back in the SDK's own objects. */
    private static void takeBack(Response response, List<ResponseInputItem> turns) {
        for (var item : response.output()) {
            item.message().map(ResponseInputItem::ofResponseOutputMessage).ifPresent(turns::add);
            item.reasoning().map(ResponseInputItem::ofReasoning).ifPresent(turns::add);
            item.functionCall().map(ResponseInputItem::ofFunctionCall).ifPresent(turns::add);
            item.webSearchCall().map(ResponseInputItem::ofWebSearchCall).ifPresent(turns::add);
        }
    }

    @TestFactory
    Stream<DynamicTest> stream() {
        return row.cells("stream", this::streamTwice);
    }

    private void streamTwice(Vendor vendor) {
        var whole = streamed(to(model(vendor)).input("Say “grüezi 🏔”."));
        assertTrue(text(whole).contains("grüezi 🏔"), text(whole));
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
        var none = asking(vendor).input(Weather.ASK_BOTH).toolChoice(ToolChoiceOptions.NONE);
        assertFalse(text(create(none)).isEmpty());
        var any = asking(vendor).input("Hi").toolChoice(ToolChoiceOptions.REQUIRED);
        assertEquals(1, calls(create(any)).size());
        var tool = ToolChoiceFunction.builder().name(Weather.TOOL).build();
        assertEquals(1, calls(create(asking(vendor).input("Hi").toolChoice(tool))).size());
    }

    /** Gemini has no such switch, and Pillion does not ignore one. */
    private void oneAtATime(Vendor vendor) {
        var one = asking(vendor).input(Weather.ASK_BOTH).parallelToolCalls(false);
        if (vendor == Vendor.GEMINI) {
            var refused = assertThrows(BadRequestException.class, () -> create(one));
            assertTrue(refused.getMessage().contains("parallel_tool"), refused.getMessage());
        } else {
            assertEquals(1, calls(create(one)).size());
        }
    }

    private static ResponseCreateParams.Builder asking(Vendor vendor) {
        return to(model(vendor)).addTool(Arguments.class);
    }

    private void bothWays(Vendor vendor, String question, String... cities) {
        loop(asking(vendor), question, this::create, cities);
        loop(asking(vendor), question, this::streamed, cities);
    }

    private static List<ResponseFunctionToolCall> calls(Response response) {
        return response.output().stream().flatMap(item -> item.functionCall().stream()).toList();
    }

    private static void loop(
            ResponseCreateParams.Builder params,
            String question,
            Function<ResponseCreateParams.Builder, Response> send,
            String... cities) {
        var turns = new ArrayList<>(List.of(says(question)));
        var called = send.apply(params.inputOfResponse(turns));
        takeBack(called, turns);
        var ids = new HashSet<String>();
        for (var call : calls(called)) {
            assertEquals(Weather.TOOL, call.name());
            assertTrue(ids.add(call.callId()), call.callId());
            turns.add(
                    ResponseInputItem.ofFunctionCallOutput(
                            ResponseInputItem.FunctionCallOutput.builder()
                                    .callId(call.callId())
                                    .output(Weather.RESULT + call.arguments(Arguments.class).city)
                                    .build()));
        }
        assertEquals(cities.length, ids.size());
        var answered = send.apply(params.inputOfResponse(turns));
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
                to(model(vendor)).input("How is it in Oslo? 4 degrees.").text(Report.class).build();
        var reports =
                client.responses().create(params).output().stream()
                        .flatMap(item -> item.message().stream())
                        .flatMap(message -> message.content().stream())
                        .flatMap(content -> content.outputText().stream())
                        .toList();
        assertEquals(1, reports.size());
        assertEquals("Oslo", reports.getFirst().city);
        var whole = ResponseAccumulator.create();
        try (var events = client.responses().createStreaming(params)) {
            events.stream().forEach(whole::accumulate);
        }
        var streamed =
                whole.response(Report.class).output().stream()
                        .flatMap(item -> item.message().stream())
                        .flatMap(message -> message.content().stream())
                        .flatMap(content -> content.outputText().stream())
                        .toList();
        assertEquals("Oslo", streamed.getFirst().city);
    }

    private void show(Vendor vendor, ResponseInputContent part) {
        var words =
                ResponseInputContent.ofInputText(
                        ResponseInputText.builder().text("What is it?").build());
        var message =
                EasyInputMessage.builder()
                        .role(EasyInputMessage.Role.USER)
                        .contentOfResponseInputMessageContentList(List.of(words, part))
                        .build();
        var turns = List.of(ResponseInputItem.ofEasyInputMessage(message));
        assertFalse(text(create(to(model(vendor)).inputOfResponse(turns))).isEmpty());
    }

    @TestFactory
    Stream<DynamicTest> image() {
        return row.cells("image", this::showImage);
    }

    private void showImage(Vendor vendor) {
        show(vendor, picture("data:image/png;base64," + Weather.PNG));
        stage.assertSeen(vendor, Weather.PNG);
        show(vendor, picture(Weather.IMAGE_URL));
        stage.assertSeen(vendor, Weather.IMAGE_URL);
    }

    private static ResponseInputContent picture(String url) {
        return ResponseInputContent.ofInputImage(
                ResponseInputImage.builder()
                        .detail(ResponseInputImage.Detail.AUTO)
                        .imageUrl(url)
                        .build());
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
        show(
                vendor,
                ResponseInputContent.ofInputFile(
                        ResponseInputFile.builder()
                                .filename("hello.pdf")
                                .fileData("data:application/pdf;base64," + Weather.pdf())
                                .build()));
        stage.assertSeen(vendor, Weather.pdf());
    }

    @TestFactory
    Stream<DynamicTest> thinking() {
        return row.cells("thinking", this::think);
    }

    private void think(Vendor vendor) {
        var response = create(reasoning(vendor).input("Think."));
        var details = response.usage().orElseThrow().outputTokensDetails();
        assertTrue(details.reasoningTokens() > 0, details + "");
        var thoughts =
                response.output().stream().flatMap(item -> item.reasoning().stream()).toList();
        assertFalse(thoughts.isEmpty());
        assertTrue(thoughts.stream().anyMatch(OpenAiResponsesTest::isShown), thoughts + "");
        var asking = reasoning(vendor).addTool(Arguments.class);
        loop(asking, Weather.ASK_BOTH, this::create, "Oslo", "Rome");
        loop(asking, Weather.ASK_BOTH, this::streamed, "Oslo", "Rome");
    }

    private static boolean isShown(ResponseReasoningItem item) {
        return item.summary().stream().anyMatch(summary -> !summary.text().isEmpty());
    }

    private static ResponseCreateParams.Builder reasoning(Vendor vendor) {
        return to(model(vendor))
                .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT)
                .reasoning(
                        Reasoning.builder()
                                .effort(ReasoningEffort.HIGH)
                                .summary(Reasoning.Summary.AUTO)
                                .build());
    }

    @TestFactory
    Stream<DynamicTest> websearch() {
        return row.cells("websearch", this::search);
    }

    private void search(Vendor vendor) {
        var tool = WebSearchTool.builder().type(WebSearchTool.Type.WEB_SEARCH).build();
        cites(vendor, create(to(model(vendor)).input(Weather.SEARCH).addTool(tool)));
        var params = to(model(vendor)).input(Weather.SEARCH).addTool(tool);
        // The SDK's strictness, off by default, does not know a call that has only begun.
        var lenient = client.withOptions(options -> options.responseValidation(false));
        cites(vendor, streamed(lenient, params));
    }

    /** xAI gives its sources no titles. */
    private static void cites(Vendor vendor, Response response) {
        int cited = 0;
        for (var text : texts(response)) {
            for (var annotation : text.annotations()) {
                var citation = annotation.asUrlCitation();
                assertTrue(citation.url().startsWith("https://"), citation.url());
                assertEquals(vendor == Vendor.XAI, citation.title().isEmpty());
                assertTrue(citation.startIndex() < citation.endIndex());
                assertTrue(
                        citation.endIndex() <= text.text().codePointCount(0, text.text().length()));
                cited++;
            }
        }
        assertTrue(cited > 0);
    }

    @TestFactory
    Stream<DynamicTest> countTokens() {
        return row.cells(
                "count_tokens",
                this::count,
                Expected.refused("counts no tokens", "xAI counts no tokens", Vendor.XAI));
    }

    private void count(Vendor vendor) {
        var params = InputTokenCountParams.builder().model(model(vendor)).input("Count me.");
        assertTrue(client.responses().inputTokens().count(params.build()).inputTokens() > 0);
    }
}
