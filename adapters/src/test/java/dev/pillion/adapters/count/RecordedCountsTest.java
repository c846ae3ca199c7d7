package dev.pillion.adapters.count;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.CountDialect;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.TokenCounter;
import dev.pillion.adapters.anthropic.AnthropicCountDialect;
import dev.pillion.adapters.anthropic.AnthropicProvider;
import dev.pillion.adapters.corpus.AnthropicRules;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.EmbeddingRules;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.ResponsesRules;
import dev.pillion.adapters.gemini.GeminiCountDialect;
import dev.pillion.adapters.gemini.GeminiProvider;
import dev.pillion.adapters.openai.OpenAiCountDialect;
import dev.pillion.adapters.openai.OpenAiProvider;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.TokenCount;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded request to count tokens, and every answer to one. */
class RecordedCountsTest {
    /** A format: who speaks it, and what its vendor takes for the same. */
    record Format(
            String file,
            Provider provider,
            CountDialect dialect,
            String field,
            List<Meaning.Rule> rules) {
        TokenCounter counter() {
            return Objects.requireNonNull(provider.counter(provider.speaks()));
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Format> formats() {
        return Stream.of(
                new Format(
                        "anthropic",
                        new AnthropicProvider(),
                        new AnthropicCountDialect(),
                        "input_tokens",
                        AnthropicRules.REQUEST),
                new Format(
                        "openai",
                        new OpenAiProvider(),
                        new OpenAiCountDialect(),
                        "input_tokens",
                        ResponsesRules.REQUEST),
                new Format(
                        "gemini",
                        new GeminiProvider(),
                        new GeminiCountDialect(),
                        "totalTokens",
                        EmbeddingRules.GEMINI_COUNT),
                new Format(
                        "other",
                        new GeminiProvider(),
                        new GeminiCountDialect(),
                        "totalTokens",
                        EmbeddingRules.GEMINI_COUNT));
    }

    private static List<Recording> recordings(Format format) {
        return Corpus.read(format.file() + ".jsonl", "count_tokens");
    }

    private static Surface surface(Recording recording) {
        int query = recording.path().indexOf('?');
        String path = query < 0 ? recording.path() : recording.path().substring(0, query);
        return new Surface(path, Headers.NONE, bytes(recording.requestBody()));
    }

    /** What the path asks for, whatever stands before. */
    private static String methodOf(String path) {
        int query = path.indexOf('?');
        String plain = query < 0 ? path : path.substring(0, query);
        return plain.substring(plain.lastIndexOf('/') + 1);
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static EncodeContext context(Format format, ChatRequest request) {
        var traits =
                new ModelTraits(
                        Objects.requireNonNull(request.model()),
                        Set.of(Capability.values()),
                        Set.of(),
                        0,
                        0,
                        List.of(Effort.values()),
                        ModelTraits.Thinking.ADAPTIVE);
        return new EncodeContext(traits, format.provider().speaks(), "main", false);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyRecordedRequestKeepsItsMeaningThroughTheUniformForm(Format format) {
        var meaning = new Meaning(format.rules());
        List<String> lost = new ArrayList<>();
        int values = 0;
        for (Recording recording : recordings(format)) {
            ChatRequest request = format.dialect().decode(surface(recording));
            assertNotNull(format.dialect().outline(surface(recording)).model());
            var call = format.counter().encode(request, context(format, request));
            var sent = new ByteSink();
            call.body().forEach(sent::write);
            JsonNode body = Corpus.json(sent.toByteArray());
            meaning.differences(recording.requestBody(), body)
                    .forEach(difference -> lost.add(recording + " " + difference));
            assertEquals(methodOf(recording.path()), methodOf(call.path()));
            values += Meaning.leaves(recording.requestBody());
        }
        int all = recordings(format).size();
        System.out.printf(
                "count_tokens requests of %s: %d, 0 refused, %d lost (%d values compared)%n",
                format, all, lost.size(), values);
        assertEquals(List.of(), lost);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyRecordedAnswerIsReadRightlyAndWrittenAgain(Format format) {
        int read = 0;
        for (Recording recording : recordings(format)) {
            if (!recording.isOk()) {
                continue;
            }
            TokenCount count = format.counter().decode(ByteBuffer.wrap(bytes(recording.body())));
            assertEquals(recording.body().path(format.field()).longValue(), count.inputTokens());
            var out = new ByteSink();
            format.dialect().reply(count, out);
            ObjectNode again = (ObjectNode) Corpus.json(out.toByteArray());
            assertEquals(recording.body(), again, recording.id());
            read++;
        }
        System.out.printf("count_tokens answers of %s: %d of %d read%n", format, read, read);
        assertTrue(read > 0);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyRecordedErrorIsTheRightFault(Format format) {
        int errors = 0;
        for (Recording recording : recordings(format)) {
            if (!recording.isOk()) {
                byte[] body = bytes(recording.body());
                Fault fault = format.provider().fault(recording.status(), Headers.NONE, body);
                assertEquals(404, recording.status());
                assertEquals(FaultKind.NOT_FOUND, fault.kind(), recording.id());
                errors++;
            }
        }
        System.out.printf("count_tokens errors of %s: %d understood%n", format, errors);
    }
}
