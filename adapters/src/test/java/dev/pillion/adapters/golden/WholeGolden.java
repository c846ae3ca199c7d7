package dev.pillion.adapters.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.CountDialect;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.Dialects;
import dev.pillion.adapters.EmbedDialect;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.RawDialect;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Golden files of what is answered whole, vectors and counts: {@code golden/VENDOR/{embed,count}/}.
 * With the system property {@code golden.rewrite=true} they are written anew from what the code
 * does, to be read in the diff before they are kept.
 *
 * <ul>
 *   <li>{@code client.json}: surface, path and body of a client's request; {@code lossy}
 *   <li>it becomes {@code call.json}: the call to the vendor, or the refusal
 *   <li>{@code vendor.json}: the vendor's answer, as JSON or as text
 *   <li>it becomes {@code reply.json}: what the client gets, or the fault
 * </ul>
 */
public final class WholeGolden {
    private static final boolean REWRITE = Boolean.getBoolean("golden.rewrite");
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Provider provider;
    private final Path folder;
    private final AnyDialect dialect;
    private final Surface client;
    private final EncodeContext context;

    public WholeGolden(Provider provider, Path folder) {
        this.provider = provider;
        this.folder = folder;
        JsonNode asked = tree(folder.resolve("client.json"));
        this.dialect = Objects.requireNonNull(Dialects.of(asked.path("surface").asText()));
        this.client =
                new Surface(asked.path("path").asText(), Headers.NONE, bytes(asked.path("body")));
        var traits =
                new ModelTraits(
                        "test-model",
                        Set.of(Capability.values()),
                        Set.of(),
                        0,
                        0,
                        List.of(Effort.LOW, Effort.HIGH),
                        ModelTraits.Thinking.ADAPTIVE);
        this.context =
                new EncodeContext(
                        traits, provider.speaks(), "main", asked.path("lossy").asBoolean());
    }

    public void check() {
        check(folder.resolve("call.json"), call());
        Path vendor = folder.resolve("vendor.json");
        if (Files.exists(vendor)) {
            check(folder.resolve("reply.json"), reply(tree(vendor)));
        }
    }

    private ObjectNode call() {
        ObjectNode result = JSON.createObjectNode();
        try {
            UpstreamCall call = encode();
            result.put("path", call.path());
            var sent = new ByteSink();
            call.body().forEach(slice -> sent.write(slice.duplicate()));
            result.set("body", JSON.readTree(sent.toByteArray()));
            call.dropped().forEach(result.withArray("/dropped")::add);
        } catch (FaultException e) {
            refused(e, result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }

    private static void refused(FaultException e, ObjectNode result) {
        result.put("refused", e.fault().kind().wire()).put("message", e.fault().message());
    }

    private UpstreamCall encode() {
        return switch (dialect) {
            case EmbedDialect embed ->
                    Objects.requireNonNull(provider.embedder())
                            .encode(embed.decode(client), context);
            case CountDialect count ->
                    Objects.requireNonNull(provider.counter(provider.speaks()))
                            .encode(count.decode(client), context);
            case Dialect _, ModelsDialect _, RawDialect _ ->
                    throw new IllegalArgumentException(dialect.surface());
        };
    }

    private JsonNode reply(JsonNode vendor) {
        byte[] answer =
                vendor.isTextual()
                        ? vendor.textValue().getBytes(StandardCharsets.UTF_8)
                        : bytes(vendor);
        var out = new ByteSink();
        try {
            reply(ByteBuffer.wrap(answer), out);
            return JSON.readTree(out.toByteArray());
        } catch (FaultException e) {
            ObjectNode fault = JSON.createObjectNode();
            refused(e, fault);
            return fault;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void reply(ByteBuffer answer, ByteSink out) {
        switch (dialect) {
            case EmbedDialect embed -> {
                EmbedRequest request = embed.decode(client);
                var reply =
                        Objects.requireNonNull(provider.embedder()).decode(request, answer, true);
                embed.reply(reply, request, "test-model", client, out);
            }
            case CountDialect count ->
                    count.reply(
                            Objects.requireNonNull(provider.counter(provider.speaks()))
                                    .decode(answer),
                            out);
            case Dialect _, ModelsDialect _, RawDialect _ ->
                    throw new IllegalArgumentException(dialect.surface());
        }
    }

    private static void check(Path file, JsonNode actual) {
        try {
            if (REWRITE) {
                Files.writeString(file, JSON.writeValueAsString(actual) + "\n");
            }
            assertEquals(
                    JSON.writeValueAsString(tree(file)),
                    JSON.writeValueAsString(JSON.readTree(JSON.writeValueAsBytes(actual))),
                    file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode tree(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
