package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.Plain;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.ResponsesRules;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every recorded request to the Responses API, read on this surface and sent to OpenAI again. */
class SurfaceRecordingsTest {
    private static final Meaning MEANING = new Meaning(ResponsesRules.REQUEST);

    /**
     * What a request may hold that is refused by name though the vendor took it, each with its
     * reason; the beginning of the message tells.
     */
    private static final List<String> REFUSED_KNOWINGLY =
            List.of("/background: an answer that has to be fetched later"); // There is no later.

    /** Requests with a body; stored answers are asked for without one. */
    static List<Recording> recordings(String provider) {
        return Corpus.read(provider + ".jsonl", "responses").stream()
                .filter(r -> r.requestBody() != null && r.requestBody().isObject())
                .toList();
    }

    static Surface surface(Recording recording) {
        return new Surface(
                "/v1/responses",
                Headers.NONE,
                recording.requestBody().toString().getBytes(StandardCharsets.UTF_8));
    }

    static EncodeContext context(String model) {
        var traits =
                new ModelTraits(
                        model,
                        EnumSet.allOf(Capability.class),
                        Set.of(),
                        0,
                        0,
                        List.of(Effort.values()),
                        ModelTraits.Thinking.ADAPTIVE);
        return new EncodeContext(traits, "openai", "main", false);
    }

    private static List<String> lost(Recording recording, ChatRequest request) {
        String model = request.model() == null ? "the prompt's own" : request.model();
        UpstreamCall call = ResponsesCodec.encode(request, context(model), ResponsesQuirks.OPENAI);
        var sent = new ByteSink();
        call.body().forEach(slice -> sent.write(slice.duplicate()));
        var body = (ObjectNode) Corpus.json(sent.toByteArray());
        if (request.model() == null) {
            body.remove("model"); // The attempt is always for one.
        }
        return MEANING.differences(recording.requestBody(), body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "xai", "other"})
    @DisplayName("F26 F27 F28 F29 F31 F32 F48: every recorded request keeps its meaning")
    void everyRecordedRequestKeepsItsMeaningThroughTheUniformForm(String provider) {
        int expressed = 0;
        int raw = 0;
        int values = 0;
        Map<String, Integer> refused = new TreeMap<>();
        List<String> lost = new ArrayList<>();
        List<Recording> recordings = recordings(provider);
        for (Recording recording : recordings) {
            values += Meaning.leaves(MEANING.normal(recording.requestBody()));
            try {
                ChatRequest request = new ResponsesDialect().decode(surface(recording));
                List<String> differences = lost(recording, request);
                differences.forEach(d -> lost.add(recording + " " + d));
                if (differences.isEmpty() && isExpressed(recording, request)) {
                    expressed++;
                } else if (differences.isEmpty()) {
                    raw++;
                }
            } catch (FaultException e) {
                refused.merge(e.getMessage(), 1, Integer::sum);
                boolean known = REFUSED_KNOWINGLY.stream().anyMatch(e.getMessage()::startsWith);
                assertTrue(known || !recording.isOk(), recording + " " + e.getMessage());
            }
        }
        System.out.printf(
                "responses requests of %s: %d of %d expressed in the uniform fields, %d carried"
                        + " raw, %d refused by name, %d lost (%d values compared)%n",
                provider,
                expressed,
                recordings.size(),
                raw,
                refused.values().stream().mapToInt(i -> i).sum(),
                lost.size(),
                values);
        refused.forEach((why, count) -> System.out.println("  refused: " + count + " " + why));
        assertTrue(lost.isEmpty(), () -> String.join("\n", lost));
    }

    /** Whether the meaning survives without anything raw. */
    private static boolean isExpressed(Recording recording, ChatRequest request) {
        try {
            return lost(recording, Plain.of(request)).isEmpty();
        } catch (FaultException e) {
            return false; // Nothing is left of it without what was raw.
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "xai", "other"})
    void theOutlineOfEveryRecordedRequestSaysWhatItsDecodingSays(String provider) {
        for (Recording recording : recordings(provider)) {
            JsonNode body = recording.requestBody();
            if (!recording.isOk()) {
                continue;
            }
            Outline outline = new ResponsesDialect().outline(surface(recording));
            String id = recording.id();
            assertEquals(body.path("model").textValue(), outline.model(), id);
            assertEquals(body.path("stream").asBoolean(), outline.stream(), id);
            ChatRequest request = new ResponsesDialect().decode(surface(recording));
            assertEquals(Needs.of(request), outline.needs(), id);
            assertEquals(Needs.refusable(request), outline.refusable(), id);
            assertEquals(request.output().maxTokens(), outline.maxOutputTokens(), id);
        }
    }
}
