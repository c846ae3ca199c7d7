package dev.pillion.adapters.gemini;

import static dev.pillion.adapters.gemini.GeminiSurface.STREAM;
import static dev.pillion.adapters.gemini.GeminiSurface.WHOLE;
import static dev.pillion.adapters.gemini.GeminiSurface.exact;
import static dev.pillion.adapters.gemini.GeminiSurface.json;
import static dev.pillion.adapters.gemini.GeminiSurface.stream;
import static dev.pillion.adapters.gemini.GeminiSurface.surface;
import static dev.pillion.adapters.gemini.GeminiSurface.whole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.corpus.Sse;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiReplyTest {
    private static final String HI = "{'contents':[{'parts':[{'text':'hi'}]}]}";
    private static final String THOUGHTS =
            "{'contents':[],'generation_config':{'thinking_config':{'include_thoughts':true}}}";
    private static final Seal ANTHROPIC = new Seal("anthropic", "main", "claude-x", "sig+/==");
    private static final Seal GEMINI = new Seal("gemini", "main", "gemini-x", "Cs4B+/==");
    private static final Stop END = new Stop(StopReason.END);

    private static Surface asks(String body) {
        return surface(WHOLE, null, body);
    }

    /** Thinking, an item of the vendor's, two cited texts and two calls, all with state. */
    private static List<ChatEvent> everything() {
        var item = Json.object().put("type", "server_tool_use").put("id", "s");
        return List.of(
                new ChatEvent.Started("msg_1", "claude-x"),
                new ChatEvent.ThinkingDelta(0, "Let me "),
                new ChatEvent.ThinkingDelta(0, "see."),
                new ChatEvent.Sealed(0, ANTHROPIC),
                new ChatEvent.Whole(1, new Part.VendorItem("anthropic", item, null, null)),
                new ChatEvent.Sealed(1, new Seal("anthropic", "main", null, "item")),
                new ChatEvent.TextDelta(2, "In 東京 "),
                new ChatEvent.TextDelta(3, "it 🏔"),
                new ChatEvent.TextDelta(3, " rains."),
                new ChatEvent.Sealed(3, new Seal("anthropic", "main", null, "[{}]")),
                new ChatEvent.Cited(
                        3, new Citation(0, 10, "https://a.example/", "A", "rain", null)),
                new ChatEvent.ToolCallStarted(4, "toolu_1", "f"),
                new ChatEvent.ToolCallDelta(4, "{\"city\":"),
                new ChatEvent.ToolCallDelta(4, "\"Rom\"}"),
                new ChatEvent.ToolCallStarted(5, "toolu_2", "g"),
                new ChatEvent.Sealed(5, new Seal("openai", "main", null, "{}")),
                new ChatEvent.SourceSeen(new Source("https://b.example/", "B", null)));
    }

    private static List<Part> parts(List<ChatEvent> events) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        return fold.content();
    }

    /** The parts as a client sends them back; citations stay behind. */
    private static List<Part> back(ArrayNode contents) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("contents", contents);
        return GeminiSurface.DIALECT
                .decode(
                        new Surface(
                                WHOLE,
                                null,
                                surface(WHOLE, null, "").headers(),
                                body.toString().getBytes(StandardCharsets.UTF_8)))
                .messages()
                .getFirst()
                .content();
    }

    private static List<Part> uncited(List<Part> parts) {
        return parts.stream()
                .map(part ->
                        part instanceof Part.Text text
                                ? new Part.Text(
                                        text.text(), List.of(), text.seal(), null, text.extras())
                                : part)
                .toList();
    }

    /** What a client that folds a stream has: contents, and the last of all else. */
    private static ArrayNode contents(String sse) {
        ArrayNode contents = JsonNodeFactory.instance.arrayNode();
        Sse.data(sse).forEach(chunk -> contents.add(chunk.at("/candidates/0/content")));
        return contents;
    }

    @ParameterizedTest
    @ValueSource(strings = {HI, THOUGHTS})
    @DisplayName("F28 F29: seals, thinking and foreign items come back as they were and where")
    void stateComesBackInItsPlace(String ask) {
        JsonNode answer = whole(asks(ask), everything(), StopReason.TOOL_CALL);
        ArrayNode contents = JsonNodeFactory.instance.arrayNode();
        contents.add(answer.at("/candidates/0/content"));
        assertEquals(uncited(parts(everything())), back(contents));
    }

    @ParameterizedTest
    @ValueSource(strings = {HI, THOUGHTS})
    @DisplayName("F28 F29: and so they do from a stream, in one content a chunk or in one for all")
    void stateComesBackFromAStream(String ask) {
        Surface client = surface(STREAM, "alt=sse", ask);
        ArrayNode contents = contents(stream(client, everything(), END));
        List<Part> expected = uncited(parts(everything()));
        assertEquals(expected, withoutEmptyEnd(back(contents)));
        ObjectNode flat = JsonNodeFactory.instance.objectNode().put("role", "model");
        ArrayNode all = flat.putArray("parts");
        contents.forEach(content -> content.path("parts").forEach(all::add));
        ArrayNode one = JsonNodeFactory.instance.arrayNode().add(flat);
        assertEquals(expected, withoutEmptyEnd(back(one)));
    }

    /** The empty text of the last chunk means nothing. */
    private static List<Part> withoutEmptyEnd(List<Part> parts) {
        boolean empty = parts.getLast().equals(new Part.Text(""));
        return empty ? parts.subList(0, parts.size() - 1) : parts;
    }

    @Test
    @DisplayName("F28: a signature of ours survives a client that writes it in the other alphabet")
    void signaturesOfOursAreBytes() {
        JsonNode answer = whole(asks(HI), everything(), StopReason.TOOL_CALL);
        ArrayNode contents = JsonNodeFactory.instance.arrayNode();
        ObjectNode content = answer.at("/candidates/0/content").deepCopy();
        for (JsonNode part : content.path("parts")) {
            if (part.has("thoughtSignature")) {
                byte[] bytes = Base64.getDecoder().decode(part.path("thoughtSignature").asText());
                ((ObjectNode) part)
                        .put("thoughtSignature", Base64.getUrlEncoder().encodeToString(bytes));
            }
        }
        contents.add(content);
        assertEquals(uncited(parts(everything())), back(contents));
    }

    @Test
    @DisplayName("F21: a run whose text was changed keeps its text, and no state")
    void aChangedTextKeepsNoState() {
        JsonNode answer = whole(asks(HI), everything(), StopReason.TOOL_CALL);
        ObjectNode content = answer.at("/candidates/0/content").deepCopy();
        ((ObjectNode) content.path("parts").get(0)).put("text", "other");
        ArrayNode contents = JsonNodeFactory.instance.arrayNode().add(content);
        List<Part> back = back(contents);
        assertEquals(new Part.Text("other"), back.getFirst());
        assertEquals(3, back.size());
    }

    @Test
    void geminisOwnTurnKeepsItsSignaturesAndItems() {
        JsonNode code =
                json(
                        "{'executableCode':{'language':'PYTHON','code':'1'},"
                                + "'thoughtSignature':'AAAA'}");
        List<ChatEvent> events =
                List.of(
                        new ChatEvent.TextDelta(0, "a"),
                        new ChatEvent.Whole(
                                1, new Part.VendorItem("gemini", tree(code), null, null)),
                        new ChatEvent.Sealed(1, new Seal("gemini", "main", null, "item")),
                        new ChatEvent.ToolCallStarted(2, "c1", "f"),
                        new ChatEvent.Sealed(2, GEMINI),
                        new ChatEvent.ToolCallStarted(3, "c2", "g"),
                        new ChatEvent.TextDelta(4, "b"),
                        new ChatEvent.TextDelta(5, ""),
                        new ChatEvent.Sealed(5, GEMINI));
        JsonNode answer = whole(asks(HI), events, StopReason.TOOL_CALL);
        ArrayNode contents = JsonNodeFactory.instance.arrayNode();
        contents.add(answer.at("/candidates/0/content"));
        assertEquals(parts(events), back(contents));
        JsonNode shown = answer.at("/candidates/0/content/parts");
        assertEquals("1", shown.get(1).at("/executableCode/code").asText());
        assertFalse(shown.get(3).has("thoughtSignature"));
    }

    private static JsonNode tree(JsonNode node) {
        try {
            return Json.read(node.toString());
        } catch (dev.pillion.protocol.wire.MalformedJson e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("F25 F26: arguments come whole, in one part a call, in order")
    void argumentsComeWholeInOnePart() {
        List<JsonNode> chunks = Sse.data(stream(surface(STREAM, "alt=sse", HI), everything(), END));
        List<JsonNode> calls = new ArrayList<>();
        for (JsonNode chunk : chunks) {
            for (JsonNode part : chunk.at("/candidates/0/content/parts")) {
                if (part.has("functionCall")) {
                    calls.add(part.path("functionCall"));
                }
            }
        }
        assertEquals(
                List.of(
                        json("{'id':'toolu_1','name':'f','args':{'city':'Rom'}}"),
                        json("{'id':'toolu_2','name':'g','args':{}}")),
                calls);
    }

    @Test
    @DisplayName("F11: a call that was cut goes out and comes back as it was")
    void aCutCallIsKept() {
        List<ChatEvent> events =
                List.of(
                        new ChatEvent.ToolCallStarted(0, "c", "f"),
                        new ChatEvent.ToolCallDelta(0, "{\"a\":\"b"));
        JsonNode answer = whole(asks(HI), events, StopReason.MAX_TOKENS);
        assertEquals("MAX_TOKENS", answer.at("/candidates/0/finishReason").asText());
        ArrayNode contents = JsonNodeFactory.instance.arrayNode();
        contents.add(answer.at("/candidates/0/content"));
        assertEquals(parts(events), back(contents));
    }

    @ParameterizedTest
    @EnumSource(StopReason.class)
    @DisplayName("F11: what was cut, refused or paused never ends with STOP")
    void endingsKeepTheirMeaning(StopReason reason) {
        String word =
                whole(asks(HI), List.of(new ChatEvent.TextDelta(0, "x")), reason)
                        .at("/candidates/0/finishReason")
                        .asText();
        boolean clean =
                switch (reason) {
                    case END, TOOL_CALL, STOP_SEQUENCE -> true;
                    case MAX_TOKENS, REFUSAL, PAUSED -> false;
                };
        assertEquals(clean, word.equals("STOP"), word);
    }

    @Test
    @DisplayName("F43 F46: citations are byte offsets of the same text, streamed and not")
    void citationsAreByteOffsets() {
        JsonNode answer = whole(asks(HI), everything(), StopReason.END);
        JsonNode metadata = answer.at("/candidates/0/groundingMetadata");
        JsonNode segment = metadata.at("/groundingSupports/0/segment");
        String text = answer.at("/candidates/0/content/parts/0/text").asText();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int start = segment.path("startIndex").asInt();
        int end = segment.path("endIndex").asInt();
        assertEquals("it 🏔 rains", new String(utf8, start, end - start, StandardCharsets.UTF_8));
        assertEquals("it 🏔 rains", segment.path("text").asText());
        assertEquals(
                json(
                        "[{'web':{'uri':'https://a.example/','title':'A'}},"
                                + "{'web':{'uri':'https://b.example/','title':'B'}}]"),
                metadata.path("groundingChunks"));
        List<JsonNode> chunks = Sse.data(stream(surface(STREAM, "alt=sse", HI), everything(), END));
        assertEquals(metadata, chunks.getLast().at("/candidates/0/groundingMetadata"));
    }

    @Test
    @DisplayName("F35: the prompt counts the cache, the candidates leave thinking out")
    void usageIsTheVendorsArithmetic() {
        JsonNode answer = whole(asks(HI), List.of(), StopReason.END);
        assertEquals(
                json(
                        "{'promptTokenCount':100,'candidatesTokenCount':20,'totalTokenCount':130,"
                                + "'thoughtsTokenCount':10,'cachedContentTokenCount':40}"),
                answer.path("usageMetadata"));
        assertEquals("gemini-x", answer.path("modelVersion").asText());
        assertEquals("req-1", answer.path("responseId").asText());
        assertEquals(json("{'role':'model'}"), answer.at("/candidates/0/content"));
    }

    @Test
    @DisplayName("F10: data lines alone, the same identity in every chunk, one ending, no comment")
    void aStreamIsDataLinesAlone() {
        Surface client = surface(STREAM, "alt=sse", HI);
        ReplyEncoder encoder = GeminiSurface.DIALECT.encoder(GeminiSurface.context(client));
        var out = new ByteSink();
        encoder.keepAlive(out);
        assertTrue(out.isEmpty());
        String sse = stream(client, everything(), END);
        for (String line : sse.split("\n", -1)) {
            assertTrue(line.isEmpty() || line.startsWith("data: {"), line);
        }
        assertTrue(sse.endsWith("}\n\n"));
        int endings = 0;
        for (JsonNode chunk : Sse.data(sse)) {
            assertEquals("req-1", chunk.path("responseId").asText());
            assertEquals("gemini-x", chunk.path("modelVersion").asText());
            assertTrue(chunk.path("usageMetadata").isObject());
            assertEquals("model", chunk.at("/candidates/0/content/role").asText());
            endings += chunk.at("/candidates/0").has("finishReason") ? 1 : 0;
        }
        assertEquals(1, endings);
        assertFalse(sse.contains("[DONE]"));
    }

    @Test
    void withoutSseTheSameChunksAreOneArray() {
        String array = stream(surface(STREAM, null, HI), everything(), END);
        List<JsonNode> chunks = new ArrayList<>();
        exact(array).forEach(chunks::add);
        assertEquals(
                Sse.data(stream(surface(STREAM, "key=k&alt=sse", HI), everything(), END)), chunks);
        assertEquals(
                "application/json; charset=UTF-8",
                GeminiSurface.DIALECT.streamType(surface(STREAM, "$alt=json", HI)));
        assertEquals(
                "text/event-stream; charset=utf-8",
                GeminiSurface.DIALECT.streamType(surface(STREAM, "alt=sse", HI)));
    }

    @Test
    void thinkingIsShownToWhoAsks() {
        JsonNode hidden = whole(asks(HI), everything(), StopReason.END);
        assertFalse(hidden.toString().contains("\"thought\""));
        assertEquals(
                "In 東京 it 🏔 rains.", hidden.at("/candidates/0/content/parts/0/text").asText());
        JsonNode shown = whole(asks(THOUGHTS), everything(), StopReason.END);
        JsonNode first = shown.at("/candidates/0/content/parts/0");
        assertTrue(first.path("thought").asBoolean());
        assertEquals("Let me see.", first.path("text").asText());
    }

    @ParameterizedTest
    @EnumSource(FaultKind.class)
    void everyFaultHasItsNumberWordAndDetails(FaultKind kind) {
        Fault fault =
                Fault.caller(kind, "m", "/contents/0/parts/1/text")
                        .withRetryAfter(Duration.ofMillis(12_400));
        var context = new ErrorContext("req-1", null, List.of());
        JsonNode error =
                exact(
                                new String(
                                        GeminiSurface.DIALECT.errors().body(fault, context),
                                        StandardCharsets.UTF_8))
                        .path("error");
        assertEquals(GeminiSurface.DIALECT.errors().status(fault), error.path("code").asInt());
        assertTrue(error.path("status").asText().matches("[A-Z_]+"));
        String details = error.path("details").toString();
        assertTrue(details.contains("\"retryDelay\":\"12.4s\""), details);
        assertTrue(details.contains("contents[0].parts[1].text"), details);
        assertTrue(details.contains("\"reason\":\"" + kind.name() + "\""), details);
    }

    @Test
    @DisplayName("F12: a stream that broke off ends in an error with a number, in either form")
    void aBrokenStreamEndsInAnError() {
        for (String query : new String[] {"alt=sse", null}) {
            Surface client = surface(STREAM, query, HI);
            ReplyEncoder encoder = GeminiSurface.DIALECT.encoder(GeminiSurface.context(client));
            var out = new ByteSink();
            encoder.event(new ChatEvent.TextDelta(0, "x"), out);
            encoder.fail(Fault.protocol("cut"), new ErrorContext("id-1", null, List.of()), out);
            String text = new String(out.toByteArray(), StandardCharsets.UTF_8);
            JsonNode last = query == null ? exact(text).get(1) : Sse.data(text).getLast();
            assertEquals(502, last.at("/error/code").asInt());
            assertFalse(text.contains("finishReason"));
        }
    }

    @Test
    void anErrorBeforeAnArrayIsItsOneElement() {
        Fault fault = Fault.invalid("m", null);
        var array = new ErrorContext("r", null, List.of(), surface(STREAM, null, HI));
        assertTrue(GeminiSurface.json(GeminiSurface.DIALECT.errors().body(fault, array)).isArray());
        var sse = new ErrorContext("r", null, List.of(), surface(STREAM, "alt=sse", HI));
        assertTrue(GeminiSurface.json(GeminiSurface.DIALECT.errors().body(fault, sse)).isObject());
    }
}
