package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.golden.Golden;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Retry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers of the Responses API mean, whole and streamed. */
class AnswerTest {
    private static byte[] golden(String kind, String name) {
        Path folder =
                Golden.cases("openai-responses", kind).stream()
                        .filter(path -> path.endsWith(name))
                        .findFirst()
                        .orElseThrow();
        String file = kind.equals("stream") ? "vendor.sse" : "vendor.json";
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ChatEvent> events(byte[] answer) {
        return Asked.decode(Asked.decoder(), answer, null);
    }

    private static ReplyFold fold(String answer) {
        return Asked.fold(events(answer.getBytes(StandardCharsets.UTF_8)));
    }

    private static String response(String status, String output, String more) {
        return """
        {"id":"resp_1","object":"response","model":"m","status":"%s","output":[%s]%s}
        """
                .formatted(status, output, more);
    }

    private static String message(String text) {
        return """
        {"type":"message","id":"msg_1","role":"assistant","status":"completed",
         "content":[{"type":"output_text","text":"%s","annotations":[]}]}
        """
                .formatted(text);
    }

    private static String incomplete(String reason) {
        return response(
                "incomplete", message("x"), ",\"incomplete_details\":{\"reason\":" + reason + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "\"max_output_tokens\", MAX_TOKENS, ",
        "\"content_filter\", REFUSAL, content_filter",
        "\"max_messages\", MAX_TOKENS, max_messages",
        "\"steered\", MAX_TOKENS, steered",
        "\"turn_limit\", MAX_TOKENS, turn_limit",
        "null, MAX_TOKENS, ",
    })
    @DisplayName("F11: a cut answer is never a whole one, and keeps the vendor's reason")
    void aCutAnswerIsNeverAWholeOne(String reason, StopReason expected, String detail) {
        ReplyFold fold = fold(incomplete(reason));
        assertEquals(expected, fold.stop().reason());
        assertEquals(detail, fold.stop().detail());
    }

    @ParameterizedTest
    @ValueSource(strings = {"error-first", "error-first-flat", "error-overloaded", "failed-first"})
    @DisplayName("F13: an error inside a 200 is a failure before any content")
    void anErrorInsideA200IsAFailureBeforeAnyContent(String name) {
        List<ChatEvent> events = events(golden("stream", name));
        assertTrue(events.stream().noneMatch(ChatEvent::isContent), name);
        Fault fault = ((ChatEvent.Failed) events.getLast()).fault();
        assertNotEquals(Retry.NEVER, fault.retry(), name);
    }

    @Test
    @DisplayName("F9: the answer is finished by its last event, though the vendor never closes")
    void theAnswerIsFinishedByItsLastEvent() {
        List<ChatEvent> events = new ArrayList<>();
        var decoder = Asked.decoder();
        decoder.body(ByteBuffer.wrap(golden("stream", "plain")), events::add);
        assertInstanceOf(ChatEvent.Finished.class, events.getLast());
        decoder.body(ByteBuffer.wrap(golden("stream", "plain")), events::add);
        decoder.end(events::add);
        assertInstanceOf(ChatEvent.Finished.class, events.getLast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "search", "refusal", "tools", "thinking", "custom-tool"})
    @DisplayName("F12: a stream that ends without its last event is a failure")
    void aStreamThatEndsWithoutItsLastEventIsAFailure(String name) {
        String whole = new String(golden("stream", name), StandardCharsets.UTF_8);
        int last = whole.lastIndexOf("event: ");
        byte[] cut = whole.substring(0, last).getBytes(StandardCharsets.UTF_8);
        List<ChatEvent> events = events(cut);
        assertEquals(
                FaultKind.UPSTREAM_PROTOCOL,
                ((ChatEvent.Failed) events.getLast()).fault().kind(),
                name);
    }

    @Test
    @DisplayName("F25: arguments arrive alike as deltas, whole, or only at the very end")
    void argumentsArriveAlikeHoweverTheyCome() {
        String call =
                """
                {"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","status":"completed",
                 "arguments":"{\\"a\\":\\"é\\"}"}
                """
                        .replace("\n", "");
        String added = call.replace("{\\\"a\\\":\\\"é\\\"}", "");
        String end =
                "data: {\"type\":\"response.completed\",\"response\":"
                        + response("completed", call, "").replace("\n", "")
                        + "}\n\n";
        String begin = item("added", added);
        String done = item("done", call);
        var deltas = new StringBuilder(begin);
        for (String piece : List.of("{\\\"a", "\\\":\\\"", "é\\\"", "}")) {
            deltas.append(
                    "data: {\"type\":\"response.function_call_arguments.delta\",\"output_index\":0,"
                            + "\"delta\":\""
                            + piece
                            + "\"}\n\n");
        }
        List<Part> expected = fold(response("completed", call, "")).content();
        assertEquals("{\"a\":\"é\"}", ((Part.ToolCall) expected.getFirst()).arguments());
        assertEquals(expected, fold(deltas + done + end).content());
        assertEquals(expected, fold(deltas + end).content());
        assertEquals(expected, fold(begin + done + end).content());
        assertEquals(expected, fold(done + end).content());
        assertEquals(expected, fold(end).content());
    }

    private static String item(String step, String item) {
        return "data: {\"type\":\"response.output_item."
                + step
                + "\",\"output_index\":0,\"item\":"
                + item
                + "}\n\n";
    }

    @Test
    @DisplayName("F26: parallel calls keep id and order though their pieces are mixed")
    void parallelCallsKeepIdAndOrder() {
        ReplyFold fold = Asked.fold(events(golden("stream", "tools-interleaved")));
        List<String> calls =
                fold.content().stream()
                        .map(part -> (Part.ToolCall) part)
                        .map(call -> call.id() + " " + call.name() + " " + call.arguments())
                        .toList();
        assertEquals(List.of("call_0 f {\"a\":1}", "call_1 g {\"b\":2}"), calls);
    }

    @Test
    @DisplayName("F29: what of thinking goes back is what its own last event said")
    void whatOfThinkingGoesBackIsWhatItsOwnLastEventSaid() {
        ReplyFold fold = Asked.fold(events(golden("stream", "thinking")));
        String state = fold.content().getFirst().seal().data();
        assertTrue(state.contains("\"encrypted_content\":\"gAAA=\""), state);
        assertFalse(state.contains("partial"), state);
        assertEquals("main", fold.content().getFirst().seal().account());
        assertEquals("m", fold.content().getFirst().seal().model());
    }

    @Test
    @DisplayName("F35: what is written to a cache is counted once, by how long it lives")
    void whatIsWrittenToACacheIsCountedOnce() {
        Usage usage = Asked.fold(events(golden("reply", "cache-writes"))).usage();
        assertEquals(5000, usage.inputTokens());
        assertEquals(1024, usage.cachedInputTokens());
        assertEquals(1536, usage.cacheWrite5mTokens());
        assertEquals(512, usage.cacheWrite1hTokens());
        assertEquals("priority", usage.serviceTier());
    }

    @Test
    @DisplayName("F43 F45: citations and sources are streamed as they come unstreamed")
    void citationsAreStreamedAsTheyComeUnstreamed() {
        ReplyFold streamed = Asked.fold(events(golden("stream", "search")));
        String stream = new String(golden("stream", "search"), StandardCharsets.UTF_8);
        String last = stream.substring(stream.lastIndexOf("\"response\":") + 11).strip();
        ReplyFold whole = fold(last.substring(0, last.length() - 1));
        assertEquals(whole.content(), streamed.content());
        assertEquals(whole.sources(), streamed.sources());
        assertEquals(1, streamed.sources().size());
        assertEquals("A", streamed.sources().getFirst().title());
    }

    @Test
    @DisplayName("F46: offsets count code points, also behind pictures of several")
    void offsetsCountCodePoints() {
        ReplyFold fold = Asked.fold(events(golden("stream", "search")));
        var text = (Part.Text) fold.content().getLast();
        Citation citation = text.citations().getFirst();
        int start = text.text().offsetByCodePoints(0, citation.start());
        int end = text.text().offsetByCodePoints(0, citation.end());
        assertEquals("Åse", text.text().substring(start, end));
    }

    @Test
    @DisplayName("F4: whatever a broken stream says, it ends once and never throws")
    void whateverABrokenStreamSaysItEndsOnceAndNeverThrows() {
        var random = new Random(7);
        List<byte[]> streams =
                Golden.cases("openai-responses", "stream").stream()
                        .map(path -> golden("stream", path.getFileName().toString()))
                        .filter(bytes -> bytes.length > 0)
                        .toList();
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = streams.get(random.nextInt(streams.size())).clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                String lines = new String(bytes, StandardCharsets.UTF_8);
                bytes = broken(lines, random).getBytes(StandardCharsets.UTF_8);
            }
            List<ChatEvent> events = Asked.decode(Asked.decoder(), bytes, random);
            long ends =
                    events.stream()
                            .filter(e ->
                                    e instanceof ChatEvent.Finished
                                            || e instanceof ChatEvent.Failed)
                            .count();
            assertEquals(1, ends);
            Asked.fold(events);
        }
    }

    /** One value, event or character of the stream becomes another, or goes. */
    private static String broken(String stream, Random random) {
        int at = random.nextInt(stream.length());
        String tail = stream.substring(at);
        return switch (random.nextInt(5)) {
            case 0 -> stream.substring(0, at) + tail.replaceFirst("\"[a-z_]+\":", "\"x\":");
            case 1 -> stream.substring(0, at) + tail.replaceFirst(":\\s*\"[^\"]*\"", ":null");
            case 2 -> stream.substring(0, at) + tail.replaceFirst(":\\s*[\\[{]", ":[[");
            case 3 -> stream.substring(0, at) + tail.replaceFirst("(?s)event:.*?\n\n", "");
            default -> stream.substring(0, at) + tail.replaceFirst(":\\d+", ":-1");
        };
    }

    @Test
    @DisplayName("F31: an answer with nothing in it is an answer")
    void anAnswerWithNothingInItIsAnAnswer() {
        ReplyFold fold = fold(response("completed", "", ""));
        assertNull(fold.fault());
        assertEquals(List.of(), fold.content());
        assertEquals(StopReason.END, fold.stop().reason());
    }
}
