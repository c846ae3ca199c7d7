package dev.pillion.adapters.openai.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.anthropic.AnthropicProvider;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.gemini.GeminiProvider;
import dev.pillion.adapters.golden.Golden;
import dev.pillion.adapters.openai.OpenAiProvider;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Seal;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each vendor's golden streams are for a client of this surface: {@code surface/VENDOR.CASE}
 * is what it gets of the vendor's {@code stream/CASE}. The golden rewrite switch writes them anew.
 */
class SurfaceGoldenTest {
    private static final Path FOLDER =
            Path.of("src/test/resources/golden/openai-responses/surface");
    private static final boolean REWRITE = Boolean.getBoolean("golden.rewrite");
    private static final ChatRequest ASKED = SurfaceRoundTripTest.decode("{\"input\":\"x\"}");
    private static final ReplyContext CONTEXT = SurfaceRoundTripTest.context("{\"input\":\"x\"}");

    static Stream<Path> streams() {
        return Stream.of("anthropic", "gemini", "openai", "openai-responses", "xai")
                .flatMap(vendor -> Golden.cases(vendor, "stream").stream())
                .filter(folder -> !folder.getFileName().toString().startsWith("chat-"));
    }

    private static List<ChatEvent> events(Path folder) throws IOException {
        String vendor = folder.getParent().getParent().getFileName().toString();
        return events(vendor, Files.readAllBytes(folder.resolve("vendor.sse")));
    }

    private static List<ChatEvent> events(String vendor, byte[] answer) {
        List<ChatEvent> events = new ArrayList<>();
        ReplyDecoder decoder = decoder(vendor);
        decoder.body(ByteBuffer.wrap(answer), events::add);
        decoder.end(events::add);
        return events;
    }

    private static ReplyDecoder decoder(String vendor) {
        EncodeContext openAi = SurfaceRecordingsTest.context("test-model");
        return switch (vendor) {
            case "anthropic" -> decoder(new AnthropicProvider(), vendor);
            case "gemini" -> decoder(new GeminiProvider(), vendor);
            case "openai" -> decoder(new OpenAiProvider(), "house-vllm");
            case "xai" -> ResponsesCodec.decoder(ASKED, openAi, ResponsesQuirks.XAI);
            default -> ResponsesCodec.decoder(ASKED, openAi, ResponsesQuirks.OPENAI);
        };
    }

    private static ReplyDecoder decoder(Provider provider, String name) {
        var model = SurfaceRecordingsTest.context("test-model").model();
        var context = new EncodeContext(model, name, "main", false);
        Headers reply = Headers.NONE;
        return provider.decoder(ASKED, context, reply);
    }

    private static ReplyFold fold(List<ChatEvent> events) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        return fold;
    }

    private static String failed(List<ChatEvent> events) {
        var encoder = new ResponsesDialect().encoder(CONTEXT);
        var out = new ByteSink();
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.Failed failed) {
                encoder.fail(failed.fault(), new ErrorContext("id-1", null, List.of()), out);
            } else {
                encoder.event(event, out);
            }
        }
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("streams")
    @DisplayName(
            "F10 F11 F12 F25 F28 F29 F34 F43: any vendor's stream is right here and comes back")
    void anyVendorsStreamIsRightHereAndComesBack(Path folder) throws IOException {
        List<ChatEvent> events = events(folder);
        ReplyFold fold = fold(events);
        if (fold.fault() != null) {
            Accumulated cut = Accumulated.of(failed(events));
            assertEquals(
                    fold.fault().message(),
                    cut.error.path("error").path("message").asText(),
                    folder.toString());
            return;
        }
        Accumulated stream = Accumulated.of(SurfaceRoundTripTest.stream(events, CONTEXT));
        JsonNode whole = SurfaceRoundTripTest.whole(fold, CONTEXT);
        assertEquals(whole, stream.response, folder.toString());
        assertEquals(essence(fold.content()), essence(sentBack(whole)), folder.toString());
    }

    @ParameterizedTest
    @CsvSource({"anthropic, messages", "openai, chat.completions", "xai, chat.completions"})
    @DisplayName("F28 F29: what is recorded of another format comes back by way of this surface")
    void whatIsRecordedOfAnotherFormatComesBack(String vendor, String endpoint) {
        int answers = 0;
        int sealed = 0;
        for (Recording recording : Corpus.read(vendor + ".jsonl", endpoint)) {
            String text = recording.isStream() ? recording.text() : recording.body().toString();
            String name = vendor.equals("xai") ? "openai" : vendor;
            List<ChatEvent> events =
                    recording.isOk()
                            ? events(name, text.getBytes(StandardCharsets.UTF_8))
                            : List.of();
            ReplyFold fold = fold(events);
            if (fold.stop() == null) {
                continue; // An error, which is no answer.
            }
            Accumulated stream = Accumulated.of(SurfaceRoundTripTest.stream(events, CONTEXT));
            JsonNode whole = SurfaceRoundTripTest.whole(fold, CONTEXT);
            assertEquals(whole, stream.response, recording.id());
            assertEquals(essence(fold.content()), essence(sentBack(whole)), recording.id());
            answers++;
            sealed += fold.content().stream().anyMatch(part -> part.seal() != null) ? 1 : 0;
        }
        System.out.printf(
                "%s %s answers sent back by way of responses: %d as they were, %d of them sealed%n",
                vendor, endpoint, answers, sealed);
    }

    private static List<Part> sentBack(JsonNode response) {
        ObjectNode body = Accumulated.JSON.createObjectNode();
        body.putArray("input")
                .addAll((ArrayNode) response.path("output"))
                .addObject()
                .put("role", "user")
                .put("content", "and?");
        List<Message> messages = SurfaceRoundTripTest.decode(body.toString()).messages();
        assertTrue(messages.size() <= 2, messages.toString());
        return messages.size() < 2 ? List.of() : messages.getFirst().content();
    }

    /** What must come back: words, calls, items, and state with whose it is. */
    private static List<String> essence(List<Part> parts) {
        List<String> essence = new ArrayList<>();
        for (Part part : parts) {
            switch (part) {
                case Part.Text text -> {
                    if (!text.text().isEmpty() || text.seal() != null) {
                        essence.add("text " + text.text() + state(text.seal()));
                    }
                    text.citations().stream()
                            .filter(cited -> cited.url() != null)
                            .forEach(cited -> essence.add(span(cited)));
                }
                case Part.Thinking thinking ->
                        essence.add("thinking " + thinking.text() + state(thinking.seal()));
                case Part.ToolCall call ->
                        essence.add(
                                String.join(
                                        " ",
                                        "call",
                                        call.id(),
                                        call.name(),
                                        call.arguments(),
                                        state(call.seal())));
                case Part.VendorItem item -> essence.add(item.provider() + " " + item.item());
                case Part.Image image -> essence.add("image " + image.source());
                case Part.Audio audio -> essence.add("text " + audio.transcript());
                case Part.Document _, Part.Video _, Part.ToolResult _ ->
                        throw new AssertionError(part);
            }
        }
        return essence;
    }

    /** What a source says has no place here; its vendor's own state, which is sealed, has it. */
    private static String span(Citation cited) {
        return cited.start() + "-" + cited.end() + " " + cited.url() + " " + cited.title();
    }

    private static String state(Seal seal) {
        return seal == null ? "" : " sealed by " + seal.provider() + ": " + seal.data();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anthropic.search",
                "anthropic.thinking",
                "anthropic.tools",
                "gemini.signed-text",
                "gemini.tools",
                "openai-responses.custom-tool",
                "openai-responses.error-midway",
                "openai-responses.phases",
                "openai-responses.refusal",
                "openai-responses.search",
                "openai-responses.text-and-tools"
            })
    void aClientGetsWhatTheGoldenFileSays(String name) throws IOException {
        int dot = name.indexOf('.');
        Path from = Path.of("stream").resolve(name.substring(dot + 1));
        Path folder = FOLDER.getParent().getParent().resolve(name.substring(0, dot)).resolve(from);
        List<ChatEvent> events = events(folder);
        String sent =
                fold(events).fault() == null
                        ? SurfaceRoundTripTest.stream(events, CONTEXT)
                        : failed(events);
        sent = sent.replace(": keep-alive\n\n", "");
        Path golden = FOLDER.resolve(name + ".sse");
        if (REWRITE) {
            Files.createDirectories(FOLDER);
            Files.writeString(golden, sent);
        }
        assertEquals(Files.readString(golden), sent, name);
    }
}
