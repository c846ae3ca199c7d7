package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.anthropic.AnthropicDialect;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.Sse;
import dev.pillion.adapters.openai.OpenAiChatDialect;
import dev.pillion.adapters.openai.responses.ResponsesDialect;
import dev.pillion.adapters.uniform.UniformDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Role;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.protocol.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An answer of Gemini that a client has got on some surface, and sends back with its next request,
 * reaches Gemini as it was: texts, calls, and every signature on its part.
 */
final class GeminiReplayTest {
    private static final Meaning EXACT = new Meaning(List.of());
    private static final String ASK = "{'role':'user','content':'go'}";

    private static Dialect dialect(String surface) {
        return switch (surface) {
            case "messages" -> new AnthropicDialect();
            case "chat" -> new OpenAiChatDialect();
            case "responses" -> new ResponsesDialect();
            default -> new UniformDialect();
        };
    }

    private static String path(String surface) {
        return switch (surface) {
            case "messages" -> "/v1/messages";
            case "chat" -> "/v1/chat/completions";
            case "responses" -> "/v1/responses";
            default -> "/v1/generate";
        };
    }

    /** The next request of a client of that surface, which sends back what it got. */
    private static ObjectNode next(String surface, JsonNode reply) {
        ObjectNode body = Json.object().put("model", "gemini/gemini-test-4");
        ArrayNode turns = body.putArray(surface.equals("responses") ? "input" : "messages");
        turns.add(GeminiSamples.object(ASK));
        switch (surface) {
            case "chat" -> turns.add(reply.at("/choices/0/message"));
            case "responses" -> reply.path("output").forEach(turns::add);
            default ->
                    turns.addObject()
                            .put("role", "assistant")
                            .set("content", reply.path("content"));
        }
        turns.add(GeminiSamples.object(ASK));
        if (surface.equals("messages")) {
            body.put("max_tokens", 100);
        }
        return body;
    }

    private static JsonNode sent(ChatRequest request) {
        return GeminiSamples.body(GeminiSamples.call(request, GeminiSamples.NEW)).path("contents");
    }

    private static ChatRequest with(ChatRequest request, ReplyFold fold) {
        List<Message> messages = new ArrayList<>();
        messages.add(request.messages().getFirst());
        messages.add(new Message(Role.ASSISTANT, fold.content()));
        messages.add(request.messages().getFirst());
        return GeminiSamples.withMessages(request, messages);
    }

    @ParameterizedTest(name = "by way of {0}")
    @DisplayName("F28 F29: what Gemini signed comes back to it as it was")
    @ValueSource(strings = {"generate", "messages", "chat", "responses"})
    void whatGeminiSignedComesBackToItAsItWas(String surface) {
        Dialect dialect = dialect(surface);
        List<String> wrong = new ArrayList<>();
        int answers = 0;
        int signed = 0;
        for (Recording recording : GeminiRecordedAnswersTest.recordings()) {
            if (!recording.isOk()) {
                continue;
            }
            ReplyFold fold = GeminiRecordedAnswersTest.decode(recording, null);
            if (fold.content().isEmpty()) {
                continue; // A blocked prompt leaves nothing to send back.
            }
            JsonNode expected = sent(with(GeminiSamples.hi(), fold));
            answers++;
            signed += expected.toString().contains("thoughtSignature") ? 1 : 0;
            var ending = new Ending(fold.stop(), fold.usage(), Cost.UNKNOWN, null, fold.sources());
            var reply = new ChatReply(fold.id(), fold.model(), fold.content(), ending);
            var client = new Surface(path(surface), Headers.NONE, new byte[0]);
            byte[] shown = dialect.reply(reply, new ReplyContext("req_1", "m", 0, true, client));
            byte[] back =
                    next(surface, Corpus.json(shown)).toString().getBytes(StandardCharsets.UTF_8);
            ChatRequest again = dialect.decode(new Surface(path(surface), Headers.NONE, back));
            EXACT.differences(expected.path(1), sent(again).path(1))
                    .forEach(d -> wrong.add(recording + " " + d));
        }
        System.out.printf(
                "gemini answers sent back by way of %s: %d of %d as they were, %d of them signed%n",
                surface,
                answers - wrong.stream().map(w -> w.split(" ", 2)[0]).distinct().count(),
                answers,
                signed);
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    @Test
    @DisplayName("F28 F43: a streamed chat answer notes the same state as a whole one")
    void aStreamedChatAnswerNotesTheSameStateAsAWholeOne() {
        List<ChatEvent> events =
                GeminiSamples.stream(
                        "{'candidates':[{'content':{'parts':[{'text':'Hm.','thought':true},{'toolCall':{'id':'t1','toolType':'GOOGLE_SEARCH_WEB'},'thoughtSignature':'YQ=='}]}}],'responseId':'r1'}",
                        "{'candidates':[{'content':{'parts':[{'text':'ü '},{'text':'é🌍.'}]}}]}",
                        "{'candidates':[{'content':{'parts':[{'functionCall':{'id':'a','name':'f'},'thoughtSignature':'Yg=='},{'text':'','thoughtSignature':'ZW5k'}]},'finishReason':'STOP'}]}");
        ReplyFold fold = GeminiSamples.fold(events);
        var ending = new Ending(fold.stop(), fold.usage(), Cost.UNKNOWN, null, fold.sources());
        var client = new Surface(path("chat"), Headers.NONE, new byte[0]);
        var context = new ReplyContext("req_1", "m", 0, true, client);
        var reply = new ChatReply(fold.id(), fold.model(), fold.content(), ending);
        JsonNode whole = Corpus.json(dialect("chat").reply(reply, context));
        var encoder = dialect("chat").encoder(context);
        var out = new ByteSink();
        for (ChatEvent event : events) {
            if (!(event instanceof ChatEvent.Finished)) {
                encoder.event(event, out);
            }
        }
        encoder.finish(ending, out);
        JsonNode streamed = Json.nodes().missingNode();
        for (JsonNode chunk : Sse.data(new String(out.toByteArray(), StandardCharsets.UTF_8))) {
            JsonNode details = chunk.at("/choices/0/delta/reasoning_details");
            streamed = details.isMissingNode() ? streamed : details;
        }
        assertEquals(whole.at("/choices/0/message/reasoning_details"), streamed);
        JsonNode parts = streamed.path(0).path("parts");
        assertEquals(5, parts.size());
        assertEquals(5, parts.path(2).path("text").asInt());
    }

    @Test
    @DisplayName("F28: a note that does not fit its message any more is left aside")
    void aNoteThatDoesNotFitItsMessageIsLeftAside() {
        for (String parts :
                List.of(
                        "[{'text':9}]",
                        "[{'text':-1},{'text':3}]",
                        "[{'text':2147483647},{'text':2147483647},{'text':4}]",
                        "[{'call':0}]",
                        "[7,{'text':'x'},{'item':1}]",
                        "{}")) {
            String body =
                    "{'model':'m','messages':[{'role':'user','content':'go'},{'role':'assistant','content':'yes',"
                        + "'reasoning_details':[{'type':'pillion.parts','index':0,'parts':"
                            + parts
                            + "}]},{'role':'user','content':'on'}]}";
            byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            ChatRequest request =
                    dialect("chat").decode(new Surface(path("chat"), Headers.NONE, bytes));
            assertEquals("yes", sent(request).at("/1/parts/0/text").asText(), parts);
        }
    }
}
