package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.openai.Marks;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Extras;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What this surface's clients get, whoever answered, and what they send back of it. */
class SurfaceReplyTest {
    private static final ReplyContext CONTEXT = SurfaceRoundTripTest.context("{\"input\":\"x\"}");
    private static final Seal FOREIGN = new Seal("gemini", "main", "gemini-x", "c2lnbmF0dXJl");

    private static Part.Text text(String text, Seal seal, Citation... citations) {
        return new Part.Text(text, List.of(citations), seal, null, Extras.NONE);
    }

    private static Part.Thinking thinking(String text, Seal seal) {
        return new Part.Thinking(text, seal, Extras.NONE);
    }

    private static Part.ToolCall call(String id, String arguments, Seal seal) {
        return new Part.ToolCall(id, "get_weather", arguments, seal, null, Extras.NONE);
    }

    private static JsonNode whole(Stop stop, List<Part> parts) {
        var usage = new Usage(100, 40, 10, 0, 30, 20, 0, 0, 0, null, false);
        var ending = new Ending(stop, usage, Cost.UNKNOWN, null, List.of());
        var reply = new ChatReply("msg_of_another", "m", parts, ending);
        byte[] bytes = new ResponsesDialect().reply(reply, CONTEXT);
        return Accumulated.json(new String(bytes, StandardCharsets.UTF_8));
    }

    private static JsonNode whole(Part... parts) {
        return whole(new Stop(StopReason.END), List.of(parts));
    }

    private static List<Part> sentBack(JsonNode response) {
        ObjectNode body = Accumulated.JSON.createObjectNode();
        body.set("input", response.path("output"));
        List<Message> messages = SurfaceRoundTripTest.decode(body.toString()).messages();
        assertEquals(1, messages.size());
        assertEquals(Role.ASSISTANT, messages.getFirst().role());
        return messages.getFirst().content();
    }

    private static void comesBack(Part... parts) {
        assertEquals(List.of(parts), sentBack(whole(parts)));
    }

    private static List<String> types(JsonNode response) {
        List<String> types = new ArrayList<>();
        response.path("output").forEach(item -> types.add(item.path("type").asText()));
        return types;
    }

    @Test
    @DisplayName("F28: a signature on a call, on a text and on an empty text comes back in place")
    void aSignatureComesBackInItsPlace() {
        comesBack(
                thinking("hm", null),
                text("It is", FOREIGN),
                call("call_1", "{\"city\":\"Oslo\"}", FOREIGN),
                call("call_2", "{}", null),
                text("", new Seal("gemini", null, null, "closing")));
    }

    @Test
    @DisplayName("F28: a signature finds its call where a client puts all reasoning first")
    void aSignatureFindsItsCallWhereAClientPutsAllReasoningFirst() {
        var call = call("call_1", "{}", FOREIGN);
        ObjectNode response = (ObjectNode) whole(call);
        JsonNode carrier = response.path("output").path(1);
        JsonNode item = response.path("output").path(0);
        response.putArray("output").add(carrier).add(item);
        assertEquals(List.of(call), sentBack(response));
    }

    @Test
    @DisplayName("F28: a call's id has nothing of a signature, and the call is shown as it is")
    void aCallIsShownWithoutItsSignature() {
        JsonNode item = whole(call("call_1", "{}", FOREIGN)).path("output").path(0);
        assertEquals("call_1", item.path("call_id").asText());
        assertEquals("get_weather", item.path("name").asText());
        assertFalse(item.toString().contains(FOREIGN.data()));
    }

    @Test
    @DisplayName("F29: thinking of any vendor comes back with its text and its state")
    void thinkingComesBackWithItsState() {
        comesBack(
                thinking("deep", new Seal("anthropic", "main", "claude", "EqQB")),
                thinking("", new Seal("anthropic", "main", "claude", "redacted_thinking:abc")),
                thinking("unsealed", null),
                text("So.", null));
    }

    @Test
    void itemsOfAnotherVendorComeBackInTheirPlace() {
        ObjectNode item = Accumulated.JSON.createObjectNode().put("type", "server_tool_use");
        comesBack(
                text("Let me see.", null),
                new Part.VendorItem("anthropic", item, new Seal("anthropic", "a", null, "i"), null),
                new Part.VendorItem("xai", item, null, null),
                text("Found.", null));
    }

    @Test
    void citationsAndTheSealsOfTextsThatAreCutByThemStandInOneMessage() {
        Seal state = new Seal("anthropic", "main", null, "[{\"type\":\"citation\"}]");
        var citation = new Citation(0, 3, "https://example.org", "Ex", null, null);
        JsonNode response =
                whole(text("One", state, citation), text(" two", null), text("!", state));
        assertEquals(List.of("message", "reasoning"), types(response));
        assertEquals(3, response.path("output").path(0).path("content").size());
        assertEquals(
                List.of(text("One", state, citation), text(" two", null), text("!", state)),
                sentBack(response));
    }

    @Test
    void aPictureIsAnItemOfItsOwnAndComesBackAsOne() {
        var picture =
                new Part.Image(new MediaSource.Inline("aGk=", "image/png"), null, Extras.NONE);
        JsonNode response = whole(picture);
        assertEquals(List.of("image_generation_call"), types(response));
        assertEquals("aGk=", response.path("output").path(0).path("result").asText());
        comesBack(picture);
    }

    @Test
    void aCustomToolIsCalledWithItsFreeText() {
        var custom = call("call_1", "{\"input\":\"select 1\"}", Marks.custom());
        JsonNode item = whole(custom).path("output").path(0);
        assertEquals("custom_tool_call", item.path("type").asText());
        assertEquals("select 1", item.path("input").asText());
        comesBack(custom);
    }

    @Test
    @DisplayName("F11: a refusal in the model's words is one, and the answer is whole")
    void aRefusalInTheModelsWordsIsOne() {
        JsonNode response =
                whole(
                        new Stop(StopReason.REFUSAL, null, "refusal"),
                        List.of(text("I can't.", Marks.refusal())));
        JsonNode part = response.path("output").path(0).path("content").path(0);
        assertEquals("I can't.", part.path("refusal").asText());
        assertEquals("completed", response.path("status").asText());
        comesBack(text("I can't.", Marks.refusal()));
    }

    @ParameterizedTest
    @CsvSource({
        "END, completed, ''",
        "TOOL_CALL, completed, ''",
        "STOP_SEQUENCE, completed, ''",
        "MAX_TOKENS, incomplete, max_output_tokens",
        "PAUSED, incomplete, max_output_tokens",
        "REFUSAL, incomplete, content_filter"
    })
    @DisplayName("F11: how an answer ended keeps its meaning")
    void howAnAnswerEndedKeepsItsMeaning(StopReason stop, String status, String reason) {
        JsonNode response = whole(new Stop(stop), List.of(text("Hi", null)));
        assertEquals(status, response.path("status").asText());
        assertEquals(reason, response.path("incomplete_details").path("reason").asText());
        assertEquals(status, response.path("output").path(0).path("status").asText());
    }

    @Test
    void usageIsTheTotalWithItsParts() {
        JsonNode usage = whole(text("Hi", null)).path("usage");
        assertEquals(100, usage.path("input_tokens").asInt());
        assertEquals(40, usage.path("input_tokens_details").path("cached_tokens").asInt());
        assertEquals(10, usage.path("input_tokens_details").path("cache_write_tokens").asInt());
        assertEquals(30, usage.path("output_tokens").asInt());
        assertEquals(20, usage.path("output_tokens_details").path("reasoning_tokens").asInt());
        assertEquals(130, usage.path("total_tokens").asInt());
    }

    @Test
    void theRequestIsSaidAgainWithTheFormatsDefaults() {
        String body =
                """
                {"input":"x","instructions":"Be brief.","temperature":0.2,"store":false,
                 "tools":[{"type":"function","name":"f"}],"tool_choice":"required",
                 "reasoning":{"effort":"low"},"metadata":{"k":"v"},"parallel_tool_calls":false}\
                """;
        var ending =
                new Ending(new Stop(StopReason.END), Usage.NONE, Cost.UNKNOWN, null, List.of());
        var reply = new ChatReply("resp_v", "m", List.of(text("Hi", null)), ending);
        byte[] bytes = new ResponsesDialect().reply(reply, SurfaceRoundTripTest.context(body));
        JsonNode response = Accumulated.json(new String(bytes, StandardCharsets.UTF_8));
        assertEquals("resp_v", response.path("id").asText());
        assertEquals("Be brief.", response.path("instructions").asText());
        assertEquals(0.2, response.path("temperature").asDouble());
        assertEquals(1.0, response.path("top_p").asDouble());
        assertEquals("required", response.path("tool_choice").asText());
        assertTrue(response.path("tools").path(0).path("parameters").isNull());
        assertTrue(response.path("tools").path(0).has("strict"));
        assertEquals("low", response.path("reasoning").path("effort").asText());
        assertEquals("v", response.path("metadata").path("k").asText());
        assertFalse(response.path("parallel_tool_calls").asBoolean(true));
        assertTrue(response.path("error").isNull());
    }

    private static Accumulated stream(List<ChatEvent> events) {
        Accumulated stream = Accumulated.of(SurfaceRoundTripTest.stream(events, CONTEXT));
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        assertEquals(SurfaceRoundTripTest.whole(fold, CONTEXT), stream.response);
        return stream;
    }

    private static final ChatEvent STARTED = new ChatEvent.Started("resp_1", "m");
    private static final ChatEvent END = new ChatEvent.Finished(new Stop(StopReason.END));

    @Test
    @DisplayName("F43 F46: citations beyond the basic plane are streamed as they are whole")
    void citationsBeyondTheBasicPlaneAreStreamedAsTheyAreWhole() {
        var citation = new Citation(2, 6, "https://example.org/a", "A", null, null);
        Accumulated stream =
                stream(
                        List.of(
                                STARTED,
                                new ChatEvent.TextDelta(0, "😀 Oslo"),
                                new ChatEvent.Cited(0, citation),
                                new ChatEvent.TextDelta(0, " 🎉"),
                                END));
        JsonNode part = stream.output.path(0).path("content").path(0);
        JsonNode annotation = part.path("annotations").path(0);
        String text = part.path("text").asText();
        int from = text.offsetByCodePoints(0, annotation.path("start_index").asInt());
        int to = text.offsetByCodePoints(0, annotation.path("end_index").asInt());
        assertEquals("Oslo", text.substring(from, to));
        assertEquals("https://example.org/a", annotation.path("url").asText());
    }

    @Test
    @DisplayName("F25 F26: calls are streamed one after the other, in pieces, whole or empty")
    void callsAreStreamedOneAfterTheOther() {
        Accumulated stream =
                stream(
                        List.of(
                                STARTED,
                                new ChatEvent.ToolCallStarted(0, "call_1", "a"),
                                new ChatEvent.ToolCallDelta(0, "{\"x\":"),
                                new ChatEvent.ToolCallDelta(0, "1}"),
                                new ChatEvent.ToolCallStarted(1, "call_2", "b"),
                                new ChatEvent.Sealed(1, FOREIGN),
                                new ChatEvent.ToolCallDelta(1, "{\"y\":2}"),
                                new ChatEvent.ToolCallStarted(2, "call_3", "c"),
                                new ChatEvent.Finished(new Stop(StopReason.TOOL_CALL))));
        assertEquals("{\"x\":1}", stream.output.path(0).path("arguments").asText());
        assertEquals("{\"y\":2}", stream.output.path(1).path("arguments").asText());
        assertEquals("{}", stream.output.path(2).path("arguments").asText());
        assertEquals(FOREIGN, sentBack(stream.response).get(1).seal());
    }

    @Test
    void aPhaseThatIsToldLateAndANamespaceStandInTheFinishedItem() {
        Seal phase = new Seal("openai", "main", "m", "{\"phase\":\"commentary\"}");
        Seal space = new Seal("openai", "main", "m", "{\"namespace\":\"crm\"}");
        Accumulated stream =
                stream(
                        List.of(
                                STARTED,
                                new ChatEvent.TextDelta(0, "Looking."),
                                new ChatEvent.Sealed(0, phase),
                                new ChatEvent.ToolCallStarted(1, "call_1", "find"),
                                new ChatEvent.ToolCallDelta(1, "{}"),
                                new ChatEvent.Sealed(1, space),
                                new ChatEvent.Finished(new Stop(StopReason.TOOL_CALL))));
        assertEquals("commentary", stream.output.path(0).path("phase").asText());
        assertEquals("crm", stream.output.path(1).path("namespace").asText());
        assertEquals(2, stream.output.size());
    }

    @Test
    @DisplayName("F31: an answer without a word is whole all the same")
    void anAnswerWithoutAWordIsWholeAllTheSame() {
        Accumulated stream = stream(List.of(STARTED, new ChatEvent.TextDelta(0, ""), END));
        assertTrue(stream.output.isEmpty());
        assertEquals("completed", stream.response.path("status").asText());
    }

    @Test
    @DisplayName("F11: what was being said when the answer was cut is incomplete")
    void whatWasBeingSaidWhenTheAnswerWasCutIsIncomplete() {
        Accumulated stream =
                stream(
                        List.of(
                                STARTED,
                                new ChatEvent.TextDelta(0, "First."),
                                new ChatEvent.ToolCallStarted(1, "call_1", "a"),
                                new ChatEvent.ToolCallDelta(1, "{\"x\":"),
                                new ChatEvent.Finished(new Stop(StopReason.MAX_TOKENS))));
        assertEquals("completed", stream.output.path(0).path("status").asText());
        assertEquals("incomplete", stream.output.path(1).path("status").asText());
        assertEquals("{\"x\":", stream.output.path(1).path("arguments").asText());
    }

    private static Accumulated failing(ChatEvent... events) {
        var encoder = new ResponsesDialect().encoder(CONTEXT);
        var out = new ByteSink();
        encoder.keepAlive(out);
        for (ChatEvent event : events) {
            encoder.event(event, out);
        }
        encoder.fail(
                Fault.network(FaultKind.UNAVAILABLE, "the vendor broke off"),
                new ErrorContext("id-1", null, List.of()),
                out);
        return Accumulated.of(new String(out.toByteArray(), StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("F10 F12: a cut answer ends in one error, which SDKs raise, and in no item")
    void aCutAnswerEndsInOneErrorAndInNoItem() {
        Accumulated stream = failing(STARTED, new ChatEvent.TextDelta(0, "Hel"));
        assertNull(stream.response);
        assertTrue(stream.output.isEmpty());
        assertEquals("unavailable", stream.error.path("error").path("code").asText());
        assertEquals("the vendor broke off", stream.error.path("error").path("message").asText());
        assertEquals("the vendor broke off", stream.error.path("message").asText());
    }

    @Test
    void anErrorBeforeAnyContentIsTheOnlyEvent() {
        assertEquals(1, failing(STARTED).events.size());
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, 400, invalid_value",
        "CONTEXT_TOO_LONG, 400, context_length_exceeded",
        "NOT_FOUND, 404, model_not_found",
        "RATE_LIMITED, 429, rate_limit_exceeded",
        "OVERLOADED, 503, server_is_overloaded",
        "TIMEOUT, 504, timeout"
    })
    void errorsHaveTheStatusAndShapeOfTheVendors(FaultKind kind, int status, String code) {
        Fault fault = Fault.caller(kind, "no", "/input/0/content");
        var dialect = new ResponsesDialect();
        assertEquals(status, dialect.errors().status(fault));
        byte[] body = dialect.errors().body(fault, new ErrorContext("r1", null, List.of()));
        JsonNode error = Accumulated.json(new String(body, StandardCharsets.UTF_8)).path("error");
        assertEquals(code, error.path("code").asText());
        assertEquals("input[0].content", error.path("param").asText());
        assertEquals("no", error.path("message").asText());
    }

    @Test
    @DisplayName("F20 F21: what was made here goes to no vendor: no id, no empty state")
    void whatWasMadeHereGoesToNoVendor() {
        JsonNode response =
                whole(thinking("unsealed", null), text("Hi", null), call("call_1", "{}", FOREIGN));
        String sent = SurfaceRoundTripTest.sentBack(response).toString();
        assertFalse(sent.contains("pln"), sent);
        assertFalse(sent.contains("pillion"), sent);
        assertFalse(sent.contains("reasoning"), sent);
    }

    @Test
    void aSealThatAClientHasChangedIsRefusedByItsPlace() {
        String broken = Seals.write(FOREIGN).substring(0, 20);
        String body =
                "{\"input\":[{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\""
                        + broken
                        + "\"}]}";
        var e = assertThrows(FaultException.class, () -> SurfaceRoundTripTest.decode(body));
        assertEquals("/input/0/encrypted_content", e.fault().pointer());
    }
}
