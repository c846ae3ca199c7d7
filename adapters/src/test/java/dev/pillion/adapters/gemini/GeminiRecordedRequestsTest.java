package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Needs;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.GeminiRules;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.Plain;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every recorded request, decoded from the surface and encoded for the vendor again. */
class GeminiRecordedRequestsTest {
    private static final Meaning MEANING = new Meaning(GeminiRules.REQUEST);

    private static List<Recording> recordings(String provider) {
        List<Recording> all = new ArrayList<>();
        all.addAll(Corpus.read(provider + ".jsonl", "generateContent"));
        all.addAll(Corpus.read(provider + ".jsonl", "streamGenerateContent"));
        return all;
    }

    private static Surface surface(Recording recording) {
        int mark = recording.path().indexOf('?');
        String path = mark < 0 ? recording.path() : recording.path().substring(0, mark);
        return new Surface(
                path.replaceAll("[<>]", ""),
                mark < 0 ? null : recording.path().substring(mark + 1),
                Headers.NONE,
                recording.requestBody().toString().getBytes(StandardCharsets.UTF_8));
    }

    /** One that takes all that any model takes. */
    private static EncodeContext context(ChatRequest request) {
        return GeminiSamples.context(
                GeminiSamples.traits(
                        request.model(), List.of(Effort.values()), ModelTraits.Thinking.ADAPTIVE));
    }

    private static List<String> lost(Recording recording, ChatRequest request) {
        UpstreamCall call = new GeminiProvider().encode(request, context(request));
        var sent = new ByteSink();
        call.body().forEach(slice -> sent.write(slice.duplicate()));
        List<String> lost =
                new ArrayList<>(
                        MEANING.differences(
                                recording.requestBody(), Corpus.json(sent.toByteArray())));
        boolean stream = recording.endpoint().equals("streamGenerateContent");
        String model = recording.path().replaceAll(".*/models/|:[a-zA-Z]+(\\?.*)?$", "");
        if (stream != call.stream() || !call.path().contains("/models/" + model + ":")) {
            lost.add(recording.path() + " became " + call.path());
        }
        return lost;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini", "other"})
    @DisplayName("F27 F28 F29 F31 F32: every recorded request keeps its meaning")
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
                ChatRequest request = GeminiSurface.DIALECT.decode(surface(recording));
                List<String> differences = lost(recording, request);
                differences.forEach(d -> lost.add(recording + " " + d));
                if (differences.isEmpty() && isExpressed(recording, request)) {
                    expressed++;
                } else if (differences.isEmpty()) {
                    raw++;
                }
            } catch (FaultException e) {
                refused.merge(e.getMessage(), 1, Integer::sum);
                if (recording.isOk()) {
                    lost.add(recording + " refused: " + e.getMessage());
                }
            }
        }
        System.out.printf(
                "gemini requests of %s: %d of %d expressed in the uniform fields, %d carried raw,"
                        + " %d refused by name, %d lost (%d values compared)%n",
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
    @ValueSource(strings = {"gemini", "other"})
    void theOutlineOfEveryRecordedRequestIsThatOfItsDecoding(String provider) {
        for (Recording recording : recordings(provider)) {
            Surface surface = surface(recording);
            ChatRequest request = GeminiSurface.DIALECT.decode(surface);
            Outline outline = GeminiSurface.DIALECT.outline(surface);
            String id = recording.id();
            assertEquals(request.model(), outline.model(), id);
            assertEquals(request.stream(), outline.stream(), id);
            assertEquals(request.output().maxTokens(), outline.maxOutputTokens(), id);
            assertEquals(Needs.of(request), outline.needs(), id);
            assertTrue(outline.refusable().containsAll(Needs.refusable(request)), id);
        }
    }
}
