package dev.pillion.adapters.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EmbedDialect;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.EmbeddingRules;
import dev.pillion.adapters.corpus.Exclusions;
import dev.pillion.adapters.corpus.Meaning;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.gemini.GeminiEmbedDialect;
import dev.pillion.adapters.gemini.GeminiProvider;
import dev.pillion.adapters.openai.OpenAiProvider;
import dev.pillion.adapters.openai.embeddings.OpenAiEmbeddingsDialect;
import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
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

/** Every recorded request for vectors, and every answer to one. */
class RecordedEmbeddingsTest {
    /** A format: who speaks it, and what its vendors take for the same. */
    record Format(String file, Provider provider, EmbedDialect dialect, List<Meaning.Rule> rules) {
        @Override
        public String toString() {
            return file;
        }
    }

    private static final Exclusions ANSWERS = Exclusions.of("/embed/unreadable-answers.txt");

    static Stream<Format> formats() {
        var openai = new OpenAiProvider();
        var dialect = new OpenAiEmbeddingsDialect();
        return Stream.of(
                new Format("openai", openai, dialect, EmbeddingRules.OPENAI_REQUEST),
                new Format("other", openai, dialect, EmbeddingRules.OPENAI_REQUEST),
                new Format(
                        "gemini",
                        new GeminiProvider(),
                        new GeminiEmbedDialect(),
                        EmbeddingRules.GEMINI_REQUEST));
    }

    private static List<Recording> recordings(Format format) {
        return Corpus.read(format.file() + ".jsonl", "embeddings");
    }

    private static Surface surface(Recording recording) {
        return new Surface(recording.path(), Headers.NONE, bytes(recording.requestBody()));
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static EncodeContext context(Format format, EmbedRequest request) {
        String model = Objects.requireNonNull(request.model());
        var traits =
                new ModelTraits(
                        model, Set.of(Capability.EMBEDDINGS), Set.of(), 0, 0, List.of(), null);
        return new EncodeContext(traits, format.provider().speaks(), "main", false);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyRecordedRequestKeepsItsMeaningThroughTheUniformForm(Format format) {
        var meaning = new Meaning(format.rules());
        int values = 0;
        int expressed = 0;
        List<String> lost = new ArrayList<>();
        for (Recording recording : recordings(format)) {
            EmbedRequest request = format.dialect().decode(surface(recording));
            var call = format.provider().embedder().encode(request, context(format, request));
            var sent = new ByteSink();
            call.body().forEach(sent::write);
            JsonNode body = Corpus.json(sent.toByteArray());
            List<String> found = meaning.differences(recording.requestBody(), body);
            found.forEach(difference -> lost.add(recording + " " + difference));
            assertTrue(recording.path().endsWith(call.path().replace("%3A", ":")), call.path());
            expressed += found.isEmpty() && request.extras().isEmpty() ? 1 : 0;
            values += Meaning.leaves(recording.requestBody());
        }
        int all = recordings(format).size();
        System.out.printf(
                "embeddings requests of %s: %d of %d expressed in the uniform fields, 0 refused,"
                        + " %d lost (%d values compared)%n",
                format, expressed, all, lost.size(), values);
        assertEquals(List.of(), lost);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyRecordedAnswerIsReadRightlyAndWrittenAgain(Format format) {
        int read = 0;
        int excluded = 0;
        long numbers = 0;
        for (Recording recording : recordings(format)) {
            if (!recording.isOk()) {
                continue;
            }
            if (ANSWERS.excludes(recording)) {
                excluded++;
                checkRefused(format, recording);
                continue;
            }
            numbers += check(format, recording);
            read++;
        }
        System.out.printf(
                "embeddings answers of %s: %d of %d read and written again, %d refused by name"
                        + " (%d numbers compared)%n",
                format, read, read + excluded, excluded, numbers);
        assertTrue(read > 0);
    }

    private static long check(Format format, Recording recording) {
        EmbedRequest request = format.dialect().decode(surface(recording));
        var body = ByteBuffer.wrap(bytes(recording.body()));
        EmbedReply reply = format.provider().embedder().decode(request, body, true);
        List<float[]> expected = EmbeddingRules.vectors(recording.body());
        assertEquals(request.inputs().size(), expected.size(), recording.id());
        checkVectors(expected, reply.vectors(), recording);
        checkUsage(recording, reply);
        EmbedReply counted = format.provider().embedder().decode(request, body, false);
        assertEquals(reply.vectors().size(), counted.vectors().size(), recording.id());
        assertEquals(reply.usage(), counted.usage(), recording.id());
        var out = new ByteSink();
        format.dialect().reply(reply, request, request.model(), surface(recording), out);
        JsonNode again = Corpus.json(out.toByteArray());
        checkVectors(expected, EmbeddingRules.vectors(again), recording);
        assertEquals(withoutVectors(recording.body()), withoutVectors(again), recording.id());
        return expected.stream().mapToLong(v -> v.length).sum();
    }

    private static void checkVectors(
            List<float[]> expected, List<float[]> actual, Recording recording) {
        assertEquals(expected.size(), actual.size(), recording.id());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), recording.id());
        }
    }

    private static void checkUsage(Recording recording, EmbedReply reply) {
        JsonNode usage = recording.body().path("usage").path("prompt_tokens");
        JsonNode gemini = recording.body().path("usageMetadata").path("promptTokenCount");
        JsonNode tokens = usage.isMissingNode() ? gemini : usage;
        Long expected = tokens.isMissingNode() ? null : Long.valueOf(tokens.longValue());
        Long actual = reply.usage() == null ? null : Long.valueOf(reply.usage().inputTokens());
        assertEquals(expected, actual, recording.id());
        long pictures = 0;
        for (JsonNode detail : recording.body().at("/usageMetadata/promptTokenDetails")) {
            boolean picture = detail.path("modality").asText().equals("IMAGE");
            pictures += picture ? detail.path("tokenCount").longValue() : 0;
        }
        long seen = reply.usage() == null ? 0 : reply.usage().imageInputTokens();
        assertEquals(pictures, seen, recording.id());
    }

    /** All that an answer says beside the numbers, and beside how they are written. */
    private static JsonNode withoutVectors(JsonNode answer) {
        ObjectNode rest = answer.deepCopy();
        rest.path("data").forEach(item -> ((ObjectNode) item).remove("embedding"));
        rest.path("embeddings").forEach(item -> ((ObjectNode) item).remove("values"));
        rest.remove("embedding");
        return rest;
    }

    private static void checkRefused(Format format, Recording recording) {
        EmbedRequest request = format.dialect().decode(surface(recording));
        var body = ByteBuffer.wrap(bytes(recording.body()));
        try {
            format.provider().embedder().decode(request, body, true);
        } catch (FaultException e) {
            assertEquals(FaultKind.UPSTREAM_PROTOCOL, e.fault().kind());
            return;
        }
        throw new AssertionError(recording + " is read; take it off the list");
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
        System.out.printf("embeddings errors of %s: %d of %d understood%n", format, errors, errors);
    }
}
