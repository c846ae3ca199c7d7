package dev.pillion.adapters.xai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.NeutralReply;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.ResponsesRules;
import dev.pillion.adapters.corpus.XaiResponsesAnswers;
import dev.pillion.adapters.openai.responses.ResponsesDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.Origin;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every recorded exchange with xAI's Responses API. */
final class RecordedResponsesTest {
    private static final Meaning EXACT = new Meaning(List.of());
    private static final Meaning MEANING = new Meaning(ResponsesRules.REQUEST);

    private static List<Recording> recordings() {
        return Corpus.read("xai.jsonl", "responses");
    }

    private static List<ChatEvent> decode(Recording recording, Random cuts) {
        var request = Xai.uniform("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        String model = recording.requestBody().path("model").asText();
        var decoder = Xai.PROVIDER.decoder(request, Xai.anyModel(model), Endpoint.RESPONSES);
        return Xai.decode(decoder, Xai.bytes(recording), cuts);
    }

    /** Thinking's state is the item's JSON: compared as such. */
    private static JsonNode neutral(ReplyFold fold) {
        ObjectNode reply = NeutralReply.of(fold);
        for (JsonNode part : reply.path("parts")) {
            if (part.path("state").isTextual()) {
                ((ObjectNode) part).set("state", Corpus.json(part.path("state").asText()));
            }
        }
        return reply;
    }

    @Test
    @DisplayName("F15 F25 F28 F29 F43 F45: every recorded answer decodes rightly, however cut")
    void everyRecordedAnswerDecodesRightlyHoweverItIsCut() {
        int whole = 0;
        int streams = 0;
        List<String> wrong = new ArrayList<>();
        var seeds = new Random(20261122);
        for (Recording recording : recordings()) {
            if (!recording.isOk()) {
                continue;
            }
            ObjectNode expected = XaiResponsesAnswers.expected(recording);
            for (int round = 0; round < (recording.isStream() ? 6 : 2); round++) {
                Random cuts = round == 0 ? null : new Random(seeds.nextLong());
                EXACT.differences(expected, neutral(Xai.fold(decode(recording, cuts))))
                        .forEach(d -> wrong.add(recording + " " + d));
            }
            whole += recording.isStream() ? 0 : 1;
            streams += recording.isStream() ? 1 : 0;
        }
        System.out.printf(
                "xai responses answers: %d of %d decoded right (%d whole, %d streams)%n",
                whole + streams - wrong.size(), whole + streams, whole, streams);
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    @Test
    @DisplayName("F45 F46: a citation's span is its marker, and its number is no title")
    void aCitationsSpanIsItsMarkerAndItsNumberIsNoTitle() {
        int citations = 0;
        for (Recording recording : recordings()) {
            if (!recording.isOk()) {
                continue;
            }
            for (Part part : Xai.fold(decode(recording, null)).content()) {
                if (part instanceof Part.Text text) {
                    for (Citation citation : text.citations()) {
                        int from = text.text().offsetByCodePoints(0, citation.start());
                        int to = text.text().offsetByCodePoints(0, citation.end());
                        String marker = text.text().substring(from, to);
                        assertTrue(marker.matches("\\[\\[\\d+]]\\(.*\\)"), marker);
                        assertTrue(marker.contains(citation.url()), marker);
                        assertEquals(null, citation.title());
                        citations++;
                    }
                }
            }
        }
        System.out.printf("xai citations whose span is their marker: %d%n", citations);
    }

    @Test
    @DisplayName("F27 F28 F29 F31 F32: every recorded request keeps its meaning on the way to xAI")
    void everyRecordedRequestKeepsItsMeaningThroughTheUniformForm() {
        int kept = 0;
        int values = 0;
        int sealed = 0;
        List<String> lost = new ArrayList<>();
        for (Recording recording : recordings()) {
            ObjectNode spoken = recording.requestBody().deepCopy();
            sealed += seal(spoken);
            byte[] bytes = spoken.toString().getBytes(StandardCharsets.UTF_8);
            ChatRequest request =
                    new ResponsesDialect()
                            .decode(new Surface("/v1/responses", Headers.NONE, bytes));
            UpstreamCall call = Xai.PROVIDER.encode(request, Xai.anyModel(request.model()));
            assertEquals("/responses", call.path(), recording.id());
            ObjectNode sent = (ObjectNode) Xai.body(call);
            sent.remove("prompt_cache_key"); // Names the conversation for its cache: our own doing.
            values += Meaning.leaves(MEANING.normal(recording.requestBody()));
            List<String> differences = MEANING.differences(recording.requestBody(), sent);
            differences.forEach(d -> lost.add(recording + " " + d));
            kept += differences.isEmpty() ? 1 : 0;
        }
        System.out.printf(
                "xai responses requests: %d of %d carried, 0 refused by name, %d lost (%d values,"
                        + " %d reasoning items)%n",
                kept, recordings().size(), lost.size(), values, sealed);
        assertTrue(lost.isEmpty(), () -> String.join("\n", lost));
    }

    /** Vendor state as a client of our surface has it: each reasoning item as one seal. */
    private static int seal(ObjectNode request) {
        int count = 0;
        String model = request.path("model").asText();
        for (JsonNode item : request.path("input")) {
            if (item.path("type").asText().equals("reasoning")) {
                var state = new Seal("xai", "main", model, item.toString());
                ((ObjectNode) item).put("encrypted_content", Seals.write(state));
                count++;
            }
        }
        return count;
    }

    @Test
    void everyRecordedErrorIsTheRightFault() {
        for (Recording recording : recordings()) {
            if (!recording.isOk()) {
                Fault fault =
                        Xai.PROVIDER.fault(
                                recording.status(), Xai.headers(recording), Xai.bytes(recording));
                String said = recording.body().path("error").asText();
                assertTrue(said.startsWith("Incorrect API key"), recording.id());
                assertEquals(Origin.CREDENTIAL, fault.origin(), recording.id());
            }
        }
    }
}
