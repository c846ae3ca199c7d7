package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.anthropic.AnthropicProvider;
import dev.pillion.adapters.openai.OpenAiProvider;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden files of the surface. {@code surface/request/CASE}: {@code client.json}, what a client
 * sends, becomes {@code sent.json}, what each vendor is asked. {@code surface/reply/VENDOR.CASE}:
 * that vendor's golden answer becomes {@code client.json} and {@code client.sse}. With {@code
 * golden.rewrite=true} they are written anew.
 */
class GeminiSurfaceGoldenTest {
    private static final Path ROOT = Path.of("src/test/resources/golden");
    private static final Path SURFACE = ROOT.resolve("gemini/surface");
    private static final boolean REWRITE = Boolean.getBoolean("golden.rewrite");
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    static List<Path> requests() {
        return cases("request");
    }

    static List<Path> replies() {
        return cases("reply");
    }

    private static List<Path> cases(String kind) {
        try (Stream<Path> found = Files.list(SURFACE.resolve(kind))) {
            return found.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Provider> vendors() {
        Map<String, Provider> vendors = new LinkedHashMap<>();
        vendors.put("anthropic", new AnthropicProvider());
        vendors.put("openai", new OpenAiProvider());
        vendors.put("gemini", new GeminiProvider());
        return vendors;
    }

    private static EncodeContext context(String vendor) {
        var traits =
                new ModelTraits(
                        "test-model",
                        Set.of(Capability.values()),
                        Set.of(),
                        200_000,
                        64_000,
                        vendor.equals("gemini")
                                ? List.of(Effort.LOW, Effort.MEDIUM, Effort.HIGH)
                                : List.of(Effort.values()),
                        vendor.equals("gemini")
                                ? ModelTraits.Thinking.ALWAYS
                                : ModelTraits.Thinking.ADAPTIVE);
        return new EncodeContext(traits, vendor, "main", false);
    }

    @ParameterizedTest
    @MethodSource("requests")
    @DisplayName(
            "F21 F27 F28 F30 F31 F32 F33: a client's request reaches each vendor as its file says")
    void aClientsRequestReachesEachVendorAsItsFileSays(Path folder) {
        JsonNode client = json(bytes(folder.resolve("client.json")));
        var surface =
                new Surface(
                        client.path("path").asText(),
                        client.path("query").asText(null),
                        Headers.NONE,
                        client.path("body").toString().getBytes(StandardCharsets.UTF_8));
        ChatRequest request = GeminiSurface.DIALECT.decode(surface);
        ObjectNode sent = JSON.createObjectNode().put("model", request.model());
        vendors().forEach((name, vendor) -> sent.set(name, sent(request, name, vendor)));
        check(folder.resolve("sent.json"), text(sent));
    }

    private static ObjectNode sent(ChatRequest request, String name, Provider vendor) {
        ObjectNode result = JSON.createObjectNode();
        try {
            UpstreamCall call = vendor.encode(request, context(name));
            result.put("path", call.path());
            var body = new ByteSink();
            call.body().forEach(slice -> body.write(slice.duplicate()));
            result.set("body", json(body.toByteArray()));
        } catch (FaultException e) {
            result.put("refused", e.getMessage());
        }
        return result;
    }

    @ParameterizedTest
    @MethodSource("replies")
    @DisplayName(
            "F11 F25 F26 F28 F34 F43 F46: a vendor's answer reaches the client as its files say")
    void aVendorsAnswerReachesTheClientAsItsFilesSay(Path folder) {
        String[] name = folder.getFileName().toString().split("\\.", 2);
        Path source = ROOT.resolve(name[0]).resolve("reply").resolve(name[1]);
        String speaks = name[0].startsWith("openai") ? "openai" : name[0];
        List<ChatEvent> events = events(speaks, name[0], source);
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        var ending = new Ending(fold.stop(), fold.usage(), Cost.UNKNOWN, null, fold.sources());
        Surface client =
                GeminiSurface.surface(
                        GeminiSurface.STREAM,
                        "alt=sse",
                        "{'contents':[],'generationConfig':{'thinkingConfig':"
                                + "{'includeThoughts':true}}}");
        var reply = new ChatReply("id", "m", fold.content(), ending);
        byte[] whole = GeminiSurface.DIALECT.reply(reply, GeminiSurface.context(client));
        check(folder.resolve("client.json"), text(json(whole)));
        ReplyEncoder encoder = GeminiSurface.DIALECT.encoder(GeminiSurface.context(client));
        var out = new ByteSink();
        events.stream()
                .filter(event -> !(event instanceof ChatEvent.UsageSeen))
                .forEach(event -> encoder.event(event, out));
        encoder.finish(ending, out);
        check(folder.resolve("client.sse"), new String(out.toByteArray(), StandardCharsets.UTF_8));
    }

    private static List<ChatEvent> events(String speaks, String vendor, Path source) {
        boolean chat = vendor.equals("openai");
        ChatRequest hi =
                GeminiSamples.request(
                        chat
                                ? "{'messages':[{'role':'user','content':'hi'}],"
                                        + "'output':{'stop':['x']}}"
                                : "{'messages':[{'role':'user','content':'hi'}]}");
        ReplyDecoder decoder =
                vendors()
                        .get(speaks)
                        .decoder(
                                hi,
                                context(speaks),
                                Headers.of("content-type", "application/json"));
        List<ChatEvent> events = new ArrayList<>();
        decoder.body(ByteBuffer.wrap(bytes(source.resolve("vendor.json"))), events::add);
        decoder.end(events::add);
        return events;
    }

    private static void check(Path file, String actual) {
        try {
            if (REWRITE) {
                Files.writeString(file, actual);
            }
            assertEquals(Files.readString(file), actual, file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(byte[] utf8) {
        try {
            return JSON.readTree(utf8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
