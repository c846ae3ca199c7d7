package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.OpenAiRules;
import dev.pillion.adapters.corpus.Plain;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Need;
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

/** Every recorded request, decoded from the surface and encoded for the vendor again. */
class RecordedRequestsTest {
    private static final Meaning MEANING = new Meaning(OpenAiRules.REQUEST);

    /**
     * What a request may hold that is refused by name though the vendor took it, each with its
     * reason; the beginning of the message tells.
     */
    private static final List<String> REFUSED_KNOWINGLY =
            List.of(
                    "/n: more than one answer", // one answer is what the uniform form holds
                    "/messages/0/content/1/type: document_url", // a part of one compatible server
                    "/messages/0/content/1/type: file_url"); // likewise

    private static List<Recording> recordings(String provider) {
        return Corpus.read(provider + ".jsonl", "chat.completions");
    }

    private static Surface surface(Recording recording) {
        return new Surface(
                "/v1/chat/completions",
                Headers.NONE,
                recording.requestBody().toString().getBytes(StandardCharsets.UTF_8));
    }

    private static EncodeContext context(Recording recording, String model) {
        var traits =
                new ModelTraits(
                        model,
                        EnumSet.allOf(Capability.class),
                        Set.of(),
                        0,
                        0,
                        List.of(Effort.values()),
                        ModelTraits.Thinking.ADAPTIVE);
        return new EncodeContext(traits, recording.provider(), "main", false);
    }

    private static List<String> lost(Recording recording, ChatRequest request) {
        UpstreamCall call = new OnChat().encode(request, context(recording, request.model()));
        var sent = new ByteSink();
        call.body().forEach(slice -> sent.write(slice.duplicate()));
        return MEANING.differences(recording.requestBody(), Corpus.json(sent.toByteArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "other"})
    @DisplayName("F27 F31 F32 F48: every recorded request keeps its meaning")
    void everyRecordedRequestKeepsItsMeaningThroughTheUniformForm(String provider) {
        int expressed = 0;
        int raw = 0;
        int values = 0;
        Map<String, Integer> refused = new TreeMap<>();
        List<String> lost = new ArrayList<>();
        for (Recording recording : recordings(provider)) {
            values += Meaning.leaves(MEANING.normal(recording.requestBody()));
            try {
                ChatRequest request = new OpenAiChatDialect().decode(surface(recording));
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
        int all = recordings(provider).size();
        System.out.printf(
                "chat.completions requests of %s: %d of %d expressed in the uniform fields, %d"
                        + " carried raw, %d refused by name, %d lost (%d values compared)%n",
                provider,
                expressed,
                all,
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
    @ValueSource(strings = {"openai", "other", "xai"})
    void theScanOfEveryRecordedRequestFindsWhatTheWholeDecodingFinds(String provider) {
        int scanned = 0;
        for (Recording recording : recordings(provider)) {
            ChatRequest request;
            try {
                request = new OpenAiChatDialect().decode(surface(recording));
            } catch (FaultException e) {
                continue; // Refused by name: the other test counts it.
            }
            Surface surface = surface(recording);
            Outline outline = new OpenAiChatDialect().outline(surface);
            String id = recording.id();
            assertEquals(request.model(), outline.model(), id);
            assertEquals(request.stream(), outline.stream(), id);
            assertEquals(request.output().maxTokens(), outline.maxOutputTokens(), id);
            Set<Need> needs = EnumSet.noneOf(Need.class);
            needs.addAll(outline.needs());
            JsonNode modalities = recording.requestBody().path("modalities");
            if (modalities.toString().contains("audio")) {
                needs.removeAll(Set.of(Need.AUDIO)); // What is spoken back stays raw.
                needs.addAll(Needs.of(request));
            }
            assertEquals(Needs.of(request), needs, id);
            Set<Refusal> refusable = EnumSet.noneOf(Refusal.class);
            refusable.addAll(Needs.refusable(request));
            refusable.removeAll(outline.refusable());
            boolean defaults = refusable.equals(Set.of(Refusal.SAMPLING));
            assertTrue(refusable.isEmpty() || defaults, id + " " + refusable);
            scanned++;
        }
        System.out.printf("chat.completions requests of %s scanned alike: %d%n", provider, scanned);
    }
}
