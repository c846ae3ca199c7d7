package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Gemini says, case by case of what other gateways got wrong. */
final class GeminiStreamTest {
    private static final String SAID =
            "{'candidates':[{'content':{'parts':[{'text':'Hi'}]}}],'responseId':'r1'}";

    private static String finish(String reason) {
        return "{'candidates':[{'finishReason':'" + reason + "'}],'responseId':'r1'}";
    }

    private static ReplyFold fold(String... chunks) {
        return GeminiSamples.fold(GeminiSamples.stream(chunks));
    }

    @ParameterizedTest(name = "F11: {0} is {1}")
    @CsvSource({
        "STOP,END,",
        "MAX_TOKENS,MAX_TOKENS,",
        "SAFETY,REFUSAL,SAFETY",
        "RECITATION,REFUSAL,RECITATION",
        "BLOCKLIST,REFUSAL,BLOCKLIST",
        "PROHIBITED_CONTENT,REFUSAL,PROHIBITED_CONTENT",
        "SPII,REFUSAL,SPII",
        "IMAGE_SAFETY,REFUSAL,IMAGE_SAFETY",
        "CONTINUATION,PAUSED,CONTINUATION"
    })
    void eachReasonKeepsItsMeaning(String reason, StopReason stop, String detail) {
        var ended = fold(SAID, finish(reason)).stop();
        assertNotNull(ended);
        assertEquals(stop, ended.reason());
        assertEquals(detail, ended.detail());
    }

    @ParameterizedTest
    @DisplayName("F11: an answer that broke is no answer")
    @ValueSource(
            strings = {
                "MALFORMED_FUNCTION_CALL",
                "UNEXPECTED_TOOL_CALL",
                "TOO_MANY_TOOL_CALLS",
                "MALFORMED_RESPONSE",
                "LANGUAGE",
                "OTHER",
                "NO_IMAGE",
                "WHATEVER_COMES"
            })
    void anAnswerThatBrokeIsNoAnswer(String reason) {
        var fold = fold(SAID, finish(reason));
        assertNull(fold.stop());
        assertEquals(FaultKind.UPSTREAM_PROTOCOL, fold.fault().kind());
        assertTrue(fold.fault().message().contains(reason));
    }

    @Test
    @DisplayName("F11 F12: an answer that is cut ends in an error, however much was said")
    void anAnswerThatIsCutEndsInAnError() {
        var fold = fold(SAID, SAID);
        assertNull(fold.stop());
        assertEquals(Retry.ANYWHERE, fold.fault().retry());
    }

    @ParameterizedTest
    @DisplayName("F13: an error inside a 200 fails, with or without a code")
    @ValueSource(strings = {"'code':503,", ""})
    void anErrorInsideA200Fails(String code) {
        List<ChatEvent> events =
                GeminiSamples.stream(
                        "{'error':{"
                                + code
                                + "'message':'The model is overloaded.','status':'UNAVAILABLE'}}",
                        SAID,
                        finish("STOP"));
        assertEquals(1, events.size());
        var failed = assertInstanceOf(ChatEvent.Failed.class, events.getFirst());
        assertEquals(FaultKind.OVERLOADED, failed.fault().kind());
        assertEquals(Retry.ANYWHERE, failed.fault().retry());
        assertEquals(503, failed.fault().vendor().status());
    }

    @Test
    @DisplayName("F19: RetryInfo is honoured, also inside a stream")
    void retryInfoIsHonouredInsideAStream() {
        var fold =
                fold(
                        "{'error':{'status':'RESOURCE_EXHAUSTED','message':'x','details':[{'@type':"
                            + "'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'12.4s'}]}}");
        assertEquals(FaultKind.RATE_LIMITED, fold.fault().kind());
        assertEquals(Duration.ofMillis(12_400), fold.fault().retryAfter());
    }

    @Test
    @DisplayName("F25 F26: calls come whole, in order, each with its own id and part")
    void callsComeWholeAndInOrder() {
        var fold =
                fold(
                        "{'candidates':[{'content':{'parts':[{'functionCall':{'id':'a','name':'f','args':{'x':[1,{'y':'z'}]}},'thoughtSignature':'c2ln'},"
                            + "{'functionCall':{'id':'b','name':'f'}}]},'finishReason':'STOP'}],'responseId':'r1'}");
        var first = assertInstanceOf(Part.ToolCall.class, fold.content().get(0));
        var second = assertInstanceOf(Part.ToolCall.class, fold.content().get(1));
        assertEquals("{\"x\":[1,{\"y\":\"z\"}]}", first.arguments());
        assertEquals("{}", second.arguments());
        assertEquals(List.of("a", "b"), List.of(first.id(), second.id()));
        assertEquals("c2ln", first.seal().data());
        assertNull(second.seal());
        assertEquals(StopReason.TOOL_CALL, fold.stop().reason());
    }

    @Test
    @DisplayName("F26 F28: calls without ids get different ones, which hold no signature")
    void callsWithoutIdsGetDifferentOnes() {
        String calls =
                "{'candidates':[{'content':{'parts':[{'functionCall':{'name':'f'},'thoughtSignature':'c2ln'},"
                    + "{'functionCall':{'name':'f'}}]},'finishReason':'STOP'}],'responseId':'ANSWER'}";
        var one = ids(fold(calls.replace("ANSWER", "r1")));
        var other = ids(fold(calls.replace("ANSWER", "r2")));
        assertEquals(4, one.size() + other.size());
        assertEquals(one, ids(fold(calls.replace("ANSWER", "r1"))));
        one.addAll(other);
        assertEquals(4, one.stream().distinct().count());
        assertTrue(one.stream().allMatch(GeminiCallIds::isMade));
        assertFalse(one.toString().contains("c2ln"));
    }

    private static List<String> ids(ReplyFold fold) {
        List<String> ids = new ArrayList<>();
        for (Part part : fold.content()) {
            ids.add(((Part.ToolCall) part).id());
        }
        return ids;
    }

    @Test
    @DisplayName("F28: the empty part that closes an answer keeps its signature")
    void theEmptyPartThatClosesAnAnswerKeepsItsSignature() {
        var fold =
                fold(
                        SAID,
                        "{'candidates':[{'content':{'parts':[{'text':'','thoughtSignature':'ZW5k'}]},'finishReason':'STOP'}]}");
        assertEquals(2, fold.content().size());
        var closing = assertInstanceOf(Part.Text.class, fold.content().get(1));
        assertEquals("", closing.text());
        assertEquals("ZW5k", closing.seal().data());
        assertEquals("main", closing.seal().account());
        assertEquals("gemini-test-4", closing.seal().model());
    }

    @Test
    @DisplayName("F34: JSON mode has the same shape streamed and not")
    void jsonModeHasTheSameShapeStreamedAndNot() {
        var request =
                GeminiSamples.request(
                        "{'messages':[{'role':'user','content':'hi'}],'output':{'json':true}}");
        String whole =
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"{\\\"a\\\":1}\"}]},\"finishReason\":\"STOP\"}],\"responseId\":\"r1\"}";
        String streamed =
                "data:"
                    + " {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"{\\\"a\\\"\"}]}}],\"responseId\":\"r1\"}\n\n"
                    + "data:"
                    + " {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\":1}\"}]},\"finishReason\":\"STOP\"}]}\n\n";
        var one =
                GeminiSamples.events(
                        request, GeminiSamples.NEW, GeminiSamples.JSON, whole, 1 << 20);
        var other =
                GeminiSamples.events(
                        request, GeminiSamples.NEW, GeminiSamples.EVENT_STREAM, streamed, 9);
        assertEquals(GeminiSamples.fold(one).content(), GeminiSamples.fold(other).content());
        assertEquals(GeminiSamples.fold(one).stop(), GeminiSamples.fold(other).stop());
    }

    @Test
    @DisplayName(
            "F35: usage is total prompt and total output; thoughts and tool results count once")
    void usageIsByTheContractsArithmetic() {
        var usage =
                fold(
                                SAID,
                                "{'candidates':[{'finishReason':'STOP'}],'usageMetadata':{'promptTokenCount':100,"
                                    + "'cachedContentTokenCount':60,'candidatesTokenCount':20,'thoughtsTokenCount':30,"
                                    + "'toolUsePromptTokenCount':15,'totalTokenCount':165,'serviceTier':'PRIORITY',"
                                    + "'promptTokensDetails':[{'modality':'TEXT','tokenCount':80},{'modality':'AUDIO','tokenCount':20}]}}")
                        .usage();
        assertEquals(115, usage.inputTokens());
        assertEquals(60, usage.cachedInputTokens());
        assertEquals(0, usage.cacheWriteTokens());
        assertEquals(50, usage.outputTokens());
        assertEquals(30, usage.thinkingTokens());
        assertEquals(20, usage.audioInputTokens());
        assertEquals("priority", usage.serviceTier());
        assertEquals(165, usage.inputTokens() + usage.outputTokens());
    }

    @Test
    void theHeadersTierIsTheOneThatWasUsed() {
        var reply =
                Headers.of(
                        "content-type", "text/event-stream", "x-gemini-service-tier", "Standard");
        var events =
                GeminiSamples.events(
                        GeminiSamples.hi(),
                        GeminiSamples.NEW,
                        reply,
                        "data: {\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":"
                                + "{\"totalTokenCount\":3,\"serviceTier\":\"priority\"}}\n\n",
                        1 << 20);
        assertEquals("standard", GeminiSamples.fold(events).usage().serviceTier());
    }

    /** Of the text {@code ü é🌍.}: its last two code points, its last five bytes. */
    private static final String GROUNDED =
            "'groundingMetadata':{'webSearchQueries':['q'],'groundingChunks':[{'web':{'uri':'https://v.example/1','title':'One"
                + " — “1”'}}],'groundingSupports':[{'segment':"
                + "{'startIndex':5,'endIndex':10,'text':'🌍.'},'groundingChunkIndices':[0]}]}";

    @Test
    @DisplayName(
            "F43 F45 F46: citations are the same streamed and not, right outside ASCII, as told")
    void citationsAreTheSameStreamedAndNot() {
        String whole =
                "{'candidates':[{'content':{'parts':[{'text':'ü é🌍.'}]},'finishReason':'STOP',"
                        + GROUNDED
                        + "}],'responseId':'r1'}";
        var streamed =
                fold(
                        "{'candidates':[{'content':{'parts':[{'text':'ü é'}]}}],'responseId':'r1'}",
                        "{'candidates':[{'content':{'parts':[{'text':'🌍.'}]},'finishReason':'STOP',"
                                + GROUNDED
                                + "}]}");
        var unstreamed = fold(whole);
        assertEquals(unstreamed.content(), streamed.content());
        assertEquals(unstreamed.sources(), streamed.sources());
        var text = assertInstanceOf(Part.Text.class, streamed.content().getFirst());
        assertEquals(
                List.of(new Citation(3, 5, "https://v.example/1", "One — “1”", null, null)),
                text.citations());
        assertEquals("One — “1”", streamed.sources().getFirst().title());
    }

    @Test
    @DisplayName("F43: a citation comes while its part is the last one")
    void aCitationComesWhileItsPartIsTheLastOne() {
        List<ChatEvent> events =
                GeminiSamples.stream(
                        "{'candidates':[{'content':{'parts':[{'text':'ü"
                                + " é🌍.'},{'functionCall':{'name':'f'}},"
                                + "{'text':'','thoughtSignature':'ZW5k'}]},'finishReason':'STOP',"
                                + GROUNDED
                                + "}],'responseId':'r1'}");
        int last = -1;
        for (ChatEvent event : events) {
            switch (event) {
                case ChatEvent.TextDelta text -> last = text.index();
                case ChatEvent.ToolCallStarted call -> last = call.index();
                case ChatEvent.Whole whole -> last = whole.index();
                case ChatEvent.Cited cited -> assertEquals(last, cited.index());
                default -> {}
            }
        }
        assertTrue(events.stream().anyMatch(ChatEvent.Cited.class::isInstance));
    }

    @Test
    void anAnswerIsWholeOnlyWhenItsBodyHasEnded() {
        var decoder =
                new GeminiProvider()
                        .decoder(
                                GeminiSamples.hi(),
                                GeminiSamples.context(GeminiSamples.NEW),
                                GeminiSamples.EVENT_STREAM);
        List<ChatEvent> events = new ArrayList<>();
        String text = "data: " + finish("STOP").replace('\'', '"') + "\n\n";
        assertFalse(decoder.finishing());
        decoder.body(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), events::add);
        assertTrue(decoder.finishing());
        assertFalse(events.stream().anyMatch(ChatEvent.Finished.class::isInstance));
        decoder.end(events::add);
        assertInstanceOf(ChatEvent.Finished.class, events.getLast());
        assertFalse(decoder.finishing());
    }

    @Test
    @DisplayName("F4: vendor nonsense never throws, and ends in exactly one ending")
    void vendorNonsenseNeverThrows() {
        String[] seeds = {
            "data: "
                    + SAID.replace('\'', '"')
                    + "\r\n\r\ndata: "
                    + finish("STOP").replace('\'', '"'),
            "[" + SAID.replace('\'', '"') + ",{\"error\":{\"code\":\"x\",\"details\":[1,{}]}}]",
            ("data: {'candidates':[{'content':{'parts':[{'text':'ü é🌍.'}]},'finishReason':'STOP',"
                            + GROUNDED
                            + "}],'usageMetadata':{'promptTokenCount':-5,'totalTokenCount':'x'}}")
                    .replace('\'', '"'),
            "{\"candidates\":{\"0\":[]},\"promptFeedback\":[],\"usageMetadata\":7}",
            "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":[1]}},{\"inlineData\":{}},7]}}]}"
        };
        var random = new Random(20261122);
        for (int round = 0; round < 4_000; round++) {
            byte[] bytes = seeds[round % seeds.length].getBytes(StandardCharsets.UTF_8);
            for (int i = round < seeds.length ? 0 : 1 + random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) "{}[]\",:0a\n\\\u00c3".charAt(random.nextInt(12));
            }
            var events =
                    GeminiSamples.events(
                            GeminiSamples.hi(),
                            GeminiSamples.NEW,
                            GeminiSamples.JSON,
                            new String(bytes, StandardCharsets.UTF_8),
                            1 + random.nextInt(200));
            long endings =
                    events.stream()
                            .filter(e ->
                                    e instanceof ChatEvent.Finished
                                            || e instanceof ChatEvent.Failed)
                            .count();
            assertEquals(1, endings);
            GeminiSamples.fold(events);
        }
    }

    @Test
    void errorBodiesOfAnyShapeAreUnderstood() {
        var random = new Random(7);
        String seed =
                "[{\"error\":{\"code\":429,\"message\":\"Quota, retry in"
                    + " 1h2m3.5s.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                    + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"1.5s\"}]}}]";
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) (32 + random.nextInt(90));
            }
            assertNotNull(new GeminiProvider().fault(429, Headers.NONE, bytes));
        }
    }
}
