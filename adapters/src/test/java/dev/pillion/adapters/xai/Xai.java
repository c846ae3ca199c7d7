package dev.pillion.adapters.xai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.Capability;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.uniform.UniformDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What the tests of this package share: requests, contexts, decoding in pieces. */
final class Xai {
    static final XaiProvider PROVIDER = new XaiProvider();

    private Xai() {}

    /** A model that takes everything, as old ones did. */
    static EncodeContext anyModel(String model) {
        return context(model, Set.of(), false);
    }

    static EncodeContext context(String model, Set<Refusal> refuses, boolean lossy) {
        var traits =
                new ModelTraits(
                        model,
                        EnumSet.allOf(Capability.class),
                        refuses,
                        0,
                        0,
                        List.of(Effort.values()),
                        ModelTraits.Thinking.ADAPTIVE);
        return new EncodeContext(traits, "xai", "main", lossy);
    }

    static ChatRequest uniform(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return new UniformDialect().decode(new Surface("/v1/generate", Headers.NONE, body));
    }

    static ChatRequest withMessages(ChatRequest request, List<Message> messages) {
        return new ChatRequest(
                request.model(),
                request.modelClass(),
                request.needs(),
                request.system(),
                messages,
                request.tools(),
                request.toolChoice(),
                request.parallelTools(),
                request.output(),
                request.effort(),
                request.sampling(),
                request.webSearch(),
                request.budget(),
                request.route(),
                request.cacheOff(),
                request.vendor(),
                request.tags(),
                request.stream(),
                request.extras());
    }

    static JsonNode body(UpstreamCall call) {
        var sent = new ByteSink();
        call.body().forEach(slice -> sent.write(slice.duplicate()));
        return Corpus.json(sent.toByteArray());
    }

    static Headers headers(Recording recording) {
        var headers = Headers.builder();
        recording.replyHeaders().forEach(headers::add);
        return headers.build();
    }

    static byte[] bytes(Recording recording) {
        String text = recording.isStream() ? recording.text() : recording.body().toString();
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Decodes the bytes, cut at random; null: in one piece. */
    static List<ChatEvent> decode(ReplyDecoder decoder, byte[] bytes, Random cuts) {
        List<ChatEvent> events = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = cuts == null ? bytes.length : 1 + cuts.nextInt(1 + cuts.nextInt(400));
            length = Math.min(length, bytes.length - at);
            decoder.body(ByteBuffer.wrap(bytes.clone(), at, length), events::add);
            at += length;
        }
        decoder.end(events::add);
        return events;
    }

    static ReplyFold fold(List<ChatEvent> events) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        return fold;
    }
}
