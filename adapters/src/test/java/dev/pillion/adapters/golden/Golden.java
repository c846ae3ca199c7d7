package dev.pillion.adapters.golden;

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
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.uniform.UniformDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.ChatWriter;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Golden files of one vendor: {@code golden/VENDOR/{request,reply,stream,fault}/CASE}. With the
 * system property {@code golden.rewrite=true} they are written anew from what the code does, to be
 * read in the diff before they are kept.
 *
 * <ul>
 *   <li>request: {@code uniform.json}, a body of {@code /v1/generate}, becomes {@code vendor.json}
 *   <li>reply: {@code vendor.json} becomes {@code uniform.json}
 *   <li>stream: {@code vendor.sse} becomes {@code uniform.json}, the fold of its events
 *   <li>fault: {@code vendor.http}, a status line, headers and a body, becomes {@code fault.json}
 *   <li>any: {@code model.json} tells how the model differs from one that can do everything
 * </ul>
 */
public final class Golden {
    private static final Path ROOT = Path.of("src/test/resources/golden");
    private static final boolean REWRITE = Boolean.getBoolean("golden.rewrite");
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private final Provider provider;

    public Golden(Provider provider) {
        this.provider = provider;
    }

    /** The cases of a kind, by name. */
    public static List<Path> cases(String vendor, String kind) {
        Path folder = ROOT.resolve(vendor).resolve(kind);
        try (Stream<Path> found = Files.list(folder)) {
            return found.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void request(Path folder) {
        byte[] uniform = bytes(folder.resolve("uniform.json"));
        check(folder.resolve("vendor.json"), rendered(uniform, folder));
    }

    private ObjectNode rendered(byte[] uniform, Path folder) {
        ObjectNode result = JSON.createObjectNode();
        try {
            var surface = new Surface("/v1/generate", Headers.NONE, uniform);
            ChatRequest request = new UniformDialect().decode(surface);
            UpstreamCall call = provider.encode(request, context(folder));
            result.put("path", call.path());
            ObjectNode headers = result.putObject("headers");
            call.headers().fields().forEach(f -> headers.put(f.name(), f.value()));
            result.set("body", body(call));
            call.dropped().forEach(result.withArray("/dropped")::add);
            result.put("effort", call.effortUsed() == null ? null : call.effortUsed().wire());
        } catch (FaultException e) {
            result.put("refused", e.fault().kind().wire()).put("message", e.fault().message());
        }
        return result;
    }

    private static JsonNode body(UpstreamCall call) {
        var text = new StringBuilder();
        for (ByteBuffer slice : call.body()) {
            text.append(StandardCharsets.UTF_8.decode(slice.duplicate()));
        }
        return tree(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    public void reply(Path folder) {
        answer(folder, "vendor.json", "application/json", Integer.MAX_VALUE);
    }

    /** The same whatever way the bytes are cut. */
    public void stream(Path folder) {
        for (int pieceBytes : new int[] {Integer.MAX_VALUE, 1, 7, 64}) {
            answer(folder, "vendor.sse", "text/event-stream", pieceBytes);
        }
    }

    private void answer(Path folder, String file, String type, int pieceBytes) {
        Path asked = folder.resolve("request.json");
        byte[] request =
                Files.exists(asked)
                        ? bytes(asked)
                        : "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                                .getBytes(StandardCharsets.UTF_8);
        var surface = new Surface("/v1/generate", Headers.NONE, request);
        var decoder =
                provider.decoder(
                        new UniformDialect().decode(surface),
                        context(folder),
                        Headers.of("content-type", type));
        List<ChatEvent> events = new ArrayList<>();
        byte[] bytes = bytes(folder.resolve(file));
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(pieceBytes, bytes.length - at);
            decoder.body(ByteBuffer.wrap(bytes, at, length), events::add);
            at += length;
        }
        decoder.end(events::add);
        check(folder.resolve("uniform.json"), uniform(events));
    }

    private static JsonNode uniform(List<ChatEvent> events) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        if (fold.fault() != null) {
            ObjectNode failed = JSON.createObjectNode();
            failed.set("fault", fault(fold.fault()));
            failed.put("parts_before", fold.content().size());
            return failed;
        }
        var ending = new Ending(fold.stop(), fold.usage(), Cost.UNKNOWN, null, fold.sources());
        ObjectNode reply =
                (ObjectNode)
                        tree(
                                ChatWriter.reply(
                                        new ChatReply(
                                                fold.id(), fold.model(), fold.content(), ending)));
        reply.remove("cost");
        return reply;
    }

    public void fault(Path folder) {
        String http = new String(bytes(folder.resolve("vendor.http")), StandardCharsets.UTF_8);
        int gap = http.indexOf("\n\n");
        List<String> head = http.substring(0, gap).lines().toList();
        var headers = Headers.builder();
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        byte[] body = http.substring(gap + 2).strip().getBytes(StandardCharsets.UTF_8);
        int status = Integer.parseInt(head.getFirst().strip());
        check(folder.resolve("fault.json"), fault(provider.fault(status, headers.build(), body)));
    }

    private static ObjectNode fault(Fault fault) {
        ObjectNode node = JSON.createObjectNode();
        node.put("kind", fault.kind().wire());
        node.put("origin", fault.origin().name().toLowerCase(Locale.ROOT));
        node.put("retry", fault.retry().name().toLowerCase(Locale.ROOT));
        node.put("message", fault.message());
        if (fault.retryAfter() != null) {
            node.put("retry_after_millis", fault.retryAfter().toMillis());
        }
        return node;
    }

    private EncodeContext context(Path folder) {
        Path file = folder.resolve("model.json");
        JsonNode model = Files.exists(file) ? tree(bytes(file)) : JSON.createObjectNode();
        Set<Refusal> refuses = EnumSet.noneOf(Refusal.class);
        model.path("refuses").forEach(r -> refuses.add(Refusal.valueOf(r.asText())));
        List<Effort> efforts = new ArrayList<>();
        model.path("efforts").forEach(e -> efforts.add(Effort.valueOf(e.asText())));
        String thinking = model.path("thinking").asText("ADAPTIVE");
        var traits =
                new ModelTraits(
                        model.path("id").asText("test-model"),
                        Set.of(Capability.values()),
                        refuses,
                        200_000,
                        model.path("max_output").asInt(64_000),
                        efforts.isEmpty() ? List.of(Effort.LOW, Effort.HIGH) : efforts,
                        thinking.equals("NONE") ? null : ModelTraits.Thinking.valueOf(thinking));
        return new EncodeContext(
                traits, provider.speaks(), "main", model.path("lossy").asBoolean());
    }

    private static void check(Path file, JsonNode actual) {
        try {
            if (REWRITE) {
                Files.writeString(file, JSON.writeValueAsString(actual) + "\n");
            }
            assertEquals(
                    JSON.writeValueAsString(tree(bytes(file))),
                    JSON.writeValueAsString(tree(JSON.writeValueAsBytes(actual))),
                    file.toString());
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

    private static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
