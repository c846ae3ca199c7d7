package dev.pillion.sdks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.MustBeClosed;
import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.ReasoningEffort;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionCreateParams.WebSearchOptions.SearchContextSize;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.pillion.sdks.Weather.Arguments;
import dev.pillion.sdks.Weather.Report;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** openai-java, Chat Completions. */
class OpenAiChatTest extends OpenAiSuite {
    OpenAiChatTest() throws Exception {
        super("chat");
    }

    private static ChatCompletionCreateParams.Builder to(String model) {
        return ChatCompletionCreateParams.builder().model(model);
    }

    private static ChatCompletionMessage message(ChatCompletion completion) {
        assertEquals(1, completion.choices().size());
        return completion.choices().getFirst().message();
    }

    private static String text(ChatCompletion completion) {
        var text = message(completion).content().orElse("");
        assertFalse(text.isEmpty());
        return text;
    }

    @Override
    String ask(OpenAIClient client, String model, String question) {
        var params = to(model).addUserMessage(question).build();
        return text(client.chat().completions().create(params));
    }

    @MustBeClosed
    @Override
    StreamResponse<?> stream(String model, String question) {
        var params = to(model).addUserMessage(question).build();
        return client.chat().completions().createStreaming(params);
    }

    @Override
    void askNonsense(String model) {
        client.chat().completions().create(to(model).messages(List.of()).build());
    }

    /** The whole of a stream by the SDK's accumulator, held against the deltas themselves. */
    private ChatCompletion streamed(ChatCompletionCreateParams.Builder params) {
        var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
        var whole = ChatCompletionAccumulator.create();
        List<ChatCompletionChunk> chunks;
        try (var events =
                client.chat()
                        .completions()
                        .createStreaming(params.streamOptions(options).build())) {
            chunks = events.stream().peek(whole::accumulate).toList();
        }
        var completion = whole.chatCompletion();
        var choices = chunks.stream().flatMap(chunk -> chunk.choices().stream()).toList();
        assertEquals(1, choices.stream().filter(each -> each.finishReason().isPresent()).count());
        assertEquals(1, choices.stream().filter(each -> each.delta().role().isPresent()).count());
        assertEquals(
                message(completion).content().orElse(""),
                choices.stream()
                        .map(each -> each.delta().content().orElse(""))
                        .collect(Collectors.joining()));
        assertEquals(1, chunks.stream().filter(chunk -> chunk.usage().isPresent()).count());
        assertTrue(completion.usage().orElseThrow().completionTokens() > 0);
        return completion;
    }

    @TestFactory
    Stream<DynamicTest> chat() {
        return row.cells("chat", this::converse);
    }

    private void converse(Vendor vendor) {
        var params =
                to(model(vendor))
                        .addSystemMessage("You are brief.")
                        .addUserMessage("Say “bonjour”.");
        ChatCompletion first;
        try (var raw = client.chat().completions().withRawResponse().create(params.build())) {
            assertEquals(List.of(vendor.id()), raw.headers().values("x-pillion-provider"));
            first = raw.parse();
        }
        assertTrue(text(first).contains("bonjour"), text(first));
        assertEquals(
                ChatCompletion.Choice.FinishReason.STOP, first.choices().getFirst().finishReason());
        var usage = first.usage().orElseThrow();
        assertTrue(usage.promptTokens() > 0 && usage.completionTokens() > 0, usage + "");
        assertEquals(usage.totalTokens(), usage.promptTokens() + usage.completionTokens());
        params.addMessage(message(first)).addUserMessage("And “bonsoir”.");
        assertTrue(text(client.chat().completions().create(params.build())).contains("bonsoir"));
    }

    @TestFactory
    Stream<DynamicTest> stream() {
        return row.cells("stream", this::streamTwice);
    }

    private void streamTwice(Vendor vendor) {
        var whole = streamed(to(model(vendor)).addUserMessage("Say “grüezi 🏔”."));
        assertTrue(text(whole).contains("grüezi 🏔"), text(whole));
        try (var events = stream(model(vendor), "Hi")) {
            var chunks = events.stream().map(ChatCompletionChunk.class::cast).toList();
            assertTrue(chunks.stream().noneMatch(chunk -> chunk.usage().isPresent()));
        }
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
        var none =
                asking(vendor, Weather.ASK_BOTH)
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.NONE);
        assertFalse(text(client.chat().completions().create(none.build())).isEmpty());
        var any = asking(vendor, "Hi").toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED);
        assertEquals(1, calls(client.chat().completions().create(any.build())).size());
        var named =
                asking(vendor, "Hi")
                        .toolChoice(
                                ChatCompletionNamedToolChoice.builder()
                                        .function(
                                                ChatCompletionNamedToolChoice.Function.builder()
                                                        .name(Weather.TOOL)
                                                        .build())
                                        .build());
        assertEquals(1, calls(client.chat().completions().create(named.build())).size());
    }

    /** Gemini has no such switch, and Pillion does not ignore one. */
    private void oneAtATime(Vendor vendor) {
        var one = asking(vendor, Weather.ASK_BOTH).parallelToolCalls(false).build();
        if (vendor == Vendor.GEMINI) {
            var refused =
                    assertThrows(
                            BadRequestException.class,
                            () -> client.chat().completions().create(one));
            assertTrue(refused.getMessage().contains("parallel_tool"), refused.getMessage());
        } else {
            assertEquals(1, calls(client.chat().completions().create(one)).size());
        }
    }

    private static ChatCompletionCreateParams.Builder asking(Vendor vendor, String question) {
        return to(model(vendor)).addTool(Arguments.class).addUserMessage(question);
    }

    private void bothWays(Vendor vendor, String question, String... cities) {
        loop(
                asking(vendor, question),
                params -> client.chat().completions().create(params.build()),
                cities);
        loop(asking(vendor, question), this::streamed, cities);
    }

    private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletion completion) {
        return message(completion).toolCalls().orElseThrow().stream()
                .map(call -> call.asFunction())
                .toList();
    }

    private static ChatCompletion loop(
            ChatCompletionCreateParams.Builder params,
            Function<ChatCompletionCreateParams.Builder, ChatCompletion> send,
            String... cities) {
        var called = send.apply(params);
        assertEquals(
                ChatCompletion.Choice.FinishReason.TOOL_CALLS,
                called.choices().getFirst().finishReason());
        var ids = new HashSet<String>();
        params.addMessage(message(called));
        for (var call : calls(called)) {
            assertEquals(Weather.TOOL, call.function().name());
            assertTrue(ids.add(call.id()), call.id());
            params.addMessage(
                    ChatCompletionToolMessageParam.builder()
                            .toolCallId(call.id())
                            .content(
                                    Weather.RESULT
                                            + call.function().arguments(Arguments.class).city)
                            .build());
        }
        assertEquals(cities.length, ids.size());
        var answered = send.apply(params);
        for (var city : cities) {
            assertTrue(text(answered).contains(Weather.RESULT + city), text(answered));
        }
        return called;
    }

    @TestFactory
    Stream<DynamicTest> structured() {
        return row.cells("structured", this::parse);
    }

    private void parse(Vendor vendor) {
        var params =
                to(model(vendor))
                        .addUserMessage("How is it in Oslo? 4 degrees.")
                        .responseFormat(Report.class)
                        .build();
        var report =
                client.chat().completions().create(params).choices().getFirst().message().content();
        assertEquals("Oslo", report.orElseThrow().city);
        var whole = ChatCompletionAccumulator.create();
        try (var events = client.chat().completions().createStreaming(params)) {
            events.stream().forEach(whole::accumulate);
        }
        var streamed = whole.chatCompletion(Report.class).choices().getFirst().message();
        assertEquals("Oslo", streamed.content().orElseThrow().city);
    }

    private static ChatCompletionContentPart words(String words) {
        return ChatCompletionContentPart.ofText(
                ChatCompletionContentPartText.builder().text(words).build());
    }

    private static ChatCompletionContentPart picture(String url) {
        return ChatCompletionContentPart.ofImageUrl(
                ChatCompletionContentPartImage.builder()
                        .imageUrl(
                                ChatCompletionContentPartImage.ImageUrl.builder().url(url).build())
                        .build());
    }

    private String show(Vendor vendor, ChatCompletionContentPart part) {
        var params =
                to(model(vendor))
                        .addUserMessageOfArrayOfContentParts(List.of(words("What is it?"), part));
        return text(client.chat().completions().create(params.build()));
    }

    @TestFactory
    Stream<DynamicTest> image() {
        return row.cells("image", this::showImage);
    }

    private void showImage(Vendor vendor) {
        assertFalse(show(vendor, picture("data:image/png;base64," + Weather.PNG)).isEmpty());
        stage.assertSeen(vendor, Weather.PNG);
        assertFalse(show(vendor, picture(Weather.IMAGE_URL)).isEmpty());
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
        var file =
                ChatCompletionContentPart.File.FileObject.builder()
                        .filename("hello.pdf")
                        .fileData("data:application/pdf;base64," + Weather.pdf())
                        .build();
        var part = ChatCompletionContentPart.File.builder().file(file).build();
        assertFalse(show(vendor, ChatCompletionContentPart.ofFile(part)).isEmpty());
        stage.assertSeen(vendor, Weather.pdf());
    }

    @TestFactory
    Stream<DynamicTest> thinking() {
        return row.cells("thinking", this::think);
    }

    private void think(Vendor vendor) {
        var params = to(model(vendor)).reasoningEffort(ReasoningEffort.HIGH);
        var completion =
                client.chat().completions().create(params.addUserMessage("Think.").build());
        var details = completion.usage().orElseThrow().completionTokensDetails().orElseThrow();
        assertTrue(details.reasoningTokens().orElseThrow() > 0, details + "");
        loop(
                asking(vendor, Weather.ASK_BOTH).reasoningEffort(ReasoningEffort.HIGH),
                each -> client.chat().completions().create(each.build()),
                "Oslo",
                "Rome");
        loop(
                asking(vendor, Weather.ASK_BOTH).reasoningEffort(ReasoningEffort.HIGH),
                this::streamed,
                "Oslo",
                "Rome");
    }

    @TestFactory
    Stream<DynamicTest> websearch() {
        return row.cells("websearch", this::search);
    }

    /** Unstreamed alone: the SDK's chunks have no citations. */
    private void search(Vendor vendor) {
        var params =
                to(model(vendor))
                        .addUserMessage(Weather.SEARCH)
                        .webSearchOptions(
                                ChatCompletionCreateParams.WebSearchOptions.builder()
                                        .searchContextSize(SearchContextSize.LOW)
                                        .build());
        cites(vendor, client.chat().completions().create(params.build()));
    }

    /** xAI gives its sources no titles. */
    private static void cites(Vendor vendor, ChatCompletion completion) {
        var cited = message(completion).annotations().orElseThrow();
        assertFalse(cited.isEmpty());
        for (var annotation : cited) {
            var citation = annotation.urlCitation();
            assertTrue(citation.url().startsWith("https://"), citation.url());
            assertEquals(vendor == Vendor.XAI, citation.title().isEmpty());
            assertTrue(citation.endIndex() > citation.startIndex());
        }
    }

    @TestFactory
    Stream<DynamicTest> countTokens() {
        return row.cells("count_tokens", _ -> {}, Expected.none("", Vendor.values()));
    }
}
