package dev.pillion.adapters.xai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.RateLimits;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.NeutralReply;
import dev.pillion.adapters.corpus.OpenAiRules;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.XaiChatAnswers;
import dev.pillion.adapters.openai.OpenAiChatDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.fault.Retry;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Headers;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every recorded exchange with xAI's Chat Completions. */
final class RecordedChatTest {
    private static final Meaning EXACT = new Meaning(List.of());
    private static final Meaning MEANING = new Meaning(OpenAiRules.REQUEST);

    private static List<Recording> recordings() {
        return Corpus.read("xai.jsonl", "chat.completions");
    }

    private static ChatRequest request(Recording recording) {
        byte[] body = recording.requestBody().toString().getBytes(StandardCharsets.UTF_8);
        return new OpenAiChatDialect()
                .decode(new Surface("/v1/chat/completions", Headers.NONE, body));
    }

    @Test
    @DisplayName("F15 F25 F26 F31: every recorded answer decodes rightly, however it is cut")
    void everyRecordedAnswerDecodesRightlyHoweverItIsCut() {
        int whole = 0;
        int streams = 0;
        List<String> wrong = new ArrayList<>();
        var seeds = new Random(20261122);
        for (Recording recording : recordings()) {
            if (!recording.isOk()) {
                continue;
            }
            ObjectNode expected = XaiChatAnswers.expected(recording);
            for (int round = 0; round < (recording.isStream() ? 6 : 2); round++) {
                Random cuts = round == 0 ? null : new Random(seeds.nextLong());
                var decoder =
                        Xai.PROVIDER.decoder(request(recording), Xai.anyModel("m"), Endpoint.CHAT);
                List<ChatEvent> events = Xai.decode(decoder, Xai.bytes(recording), cuts);
                EXACT.differences(expected, NeutralReply.of(Xai.fold(events)))
                        .forEach(d -> wrong.add(recording + " " + d));
            }
            whole += recording.isStream() ? 0 : 1;
            streams += recording.isStream() ? 1 : 0;
        }
        System.out.printf(
                "xai chat answers: %d of %d decoded right (%d whole, %d streams)%n",
                whole + streams - wrong.size(), whole + streams, whole, streams);
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    @Test
    @DisplayName("F19: the limits in the headers of every recorded answer are read")
    void theLimitsInTheHeadersOfEveryRecordedAnswerAreRead() {
        int said = 0;
        for (Recording recording : recordings()) {
            RateLimits limits = Xai.PROVIDER.rateLimits(Xai.headers(recording));
            Map<String, String> headers = recording.replyHeaders();
            assertEquals(number(headers, "limit-requests"), limits.requestsLimit());
            assertEquals(number(headers, "remaining-requests"), limits.requestsRemaining());
            assertEquals(number(headers, "limit-tokens"), limits.inputTokensLimit());
            assertEquals(number(headers, "remaining-tokens"), limits.inputTokensRemaining());
            said += limits.requestsLimit() == null ? 0 : 1;
        }
        System.out.printf("xai chat answers that tell their limits: %d%n", said);
    }

    private static Long number(Map<String, String> headers, String name) {
        String value = headers.get("x-ratelimit-" + name);
        if (value == null) {
            return null;
        }
        // The largest unsigned number, less what was used, says that there is no limit.
        var exact = new BigInteger(value);
        return exact.bitLength() < Long.SIZE ? exact.longValueExact() : null;
    }

    @Test
    void everyRecordedErrorIsTheRightFault() {
        int badKey = 0;
        int tooLong = 0;
        for (Recording recording : recordings()) {
            if (recording.isOk()) {
                continue;
            }
            Fault fault =
                    Xai.PROVIDER.fault(
                            recording.status(), Xai.headers(recording), Xai.bytes(recording));
            String said = recording.body().path("error").asText();
            if (said.startsWith("Incorrect API key")) {
                assertEquals(Origin.CREDENTIAL, fault.origin(), recording.id());
                assertEquals(Retry.ELSEWHERE, fault.retry(), recording.id());
                badKey++;
            } else {
                assertTrue(said.contains("maximum prompt length"), recording + " " + said);
                assertEquals(FaultKind.CONTEXT_TOO_LONG, fault.kind(), recording.id());
                tooLong++;
            }
        }
        System.out.printf("xai chat errors: %d bad key, %d too long%n", badKey, tooLong);
    }

    @Test
    @DisplayName("F27 F31 F32: every recorded request keeps its meaning on the way to xAI")
    void everyRecordedRequestKeepsItsMeaningThroughTheUniformForm() {
        int expressed = 0;
        int raw = 0;
        int values = 0;
        Map<String, Integer> refused = new TreeMap<>();
        List<String> lost = new ArrayList<>();
        for (Recording recording : recordings()) {
            values += Meaning.leaves(MEANING.normal(recording.requestBody()));
            try {
                ChatRequest request = request(recording);
                List<String> differences = differences(recording, request);
                differences.forEach(d -> lost.add(recording + " " + d));
                boolean plain = differences(recording, withoutRaw(request)).isEmpty();
                expressed += differences.isEmpty() && plain ? 1 : 0;
                raw += differences.isEmpty() && !plain ? 1 : 0;
            } catch (FaultException e) {
                refused.merge(e.getMessage(), 1, Integer::sum);
            }
        }
        System.out.printf(
                "xai chat requests: %d of %d expressed in the uniform fields, %d carried raw,"
                        + " %d refused by name, %d lost (%d values compared)%n",
                expressed, recordings().size(), raw, refused.size(), lost.size(), values);
        assertEquals(Map.of(), refused);
        assertTrue(lost.isEmpty(), () -> String.join("\n", lost));
    }

    private static List<String> differences(Recording recording, ChatRequest request) {
        var context = Xai.anyModel(request.model());
        var call = Xai.PROVIDER.encode(request, context, Endpoint.CHAT);
        return MEANING.differences(recording.requestBody(), Xai.body(call));
    }

    private static ChatRequest withoutRaw(ChatRequest request) {
        List<Message> messages = new ArrayList<>();
        for (Message message : request.messages()) {
            List<Part> parts = new ArrayList<>();
            for (Part part : message.content()) {
                parts.add(
                        part instanceof Part.Thinking thinking
                                ? new Part.Thinking(thinking.text(), null, Extras.NONE)
                                : part);
            }
            messages.add(new Message(message.role(), parts));
        }
        return new ChatRequest(
                request.model(),
                request.modelClass(),
                request.needs(),
                request.system(),
                messages,
                request.tools(),
                request.toolChoice(),
                request.parallelTools(),
                request.output(),
                request.effort(),
                request.sampling(),
                request.webSearch(),
                request.budget(),
                request.route(),
                request.cacheOff(),
                Map.of(),
                request.tags(),
                request.stream(),
                Extras.NONE);
    }
}
