package dev.pillion.adapters.streams;

import dev.pillion.adapters.Capability;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.Dialects;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.ErrorContext;
import dev.pillion.adapters.ModelTraits;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import dev.pillion.adapters.Refusal;
import dev.pillion.adapters.ReplyContext;
import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.adapters.ReplyEncoder;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.uniform.UniformDialect;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ChatReply;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Effort;
import dev.pillion.protocol.chat.Ending;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Vendors' answers written as a surface's streams, in the way the dispatcher would. */
final class Streamed {
    private static final String ASKED = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private Streamed() {}

    /** A vendor's wire format. */
    enum Vendor {
        ANTHROPIC("anthropic", false),
        OPENAI_CHAT("openai", true),
        OPENAI_RESPONSES("openai", false),
        XAI_CHAT("xai", true),
        XAI_RESPONSES("xai", false),
        GEMINI("gemini", false);

        private final String name;
        private final boolean chat;

        Vendor(String name, boolean chat) {
            this.name = name;
            this.chat = chat;
        }

        ReplyDecoder decoder(boolean stream) {
            Provider provider = Objects.requireNonNull(Providers.speaking(name));
            byte[] body = ASKED.getBytes(StandardCharsets.UTF_8);
            ChatRequest request =
                    new UniformDialect().decode(new Surface("/v1/generate", Headers.NONE, body));
            var traits =
                    new ModelTraits(
                            "test-model",
                            Set.of(Capability.values()),
                            chat ? Set.of(Refusal.RESPONSES) : Set.of(),
                            0,
                            0,
                            List.of(Effort.values()),
                            ModelTraits.Thinking.ADAPTIVE);
            return provider.decoder(
                    request,
                    new EncodeContext(traits, provider.speaks(), "main", false),
                    Headers.of("content-type", stream ? "text/event-stream" : "application/json"));
        }

        /** The events of an answer whose bytes are these and end there. */
        List<ChatEvent> events(byte[] answer, boolean stream) {
            ReplyDecoder decoder = decoder(stream);
            List<ChatEvent> events = new ArrayList<>();
            decoder.body(ByteBuffer.wrap(answer), events::add);
            decoder.end(events::add);
            return events;
        }
    }

    /** A surface, its client's request and the order of its events. */
    enum Form {
        GENERATE("generate", "/v1/generate", null, "{}"),
        CHAT("chat.completions", "/v1/chat/completions", null, "{\"model\":\"m\"}"),
        CHAT_WITH_USAGE("chat.completions", "/v1/chat/completions", null, "{\"model\":\"m\"}"),
        RESPONSES("responses", "/v1/responses", null, "{\"model\":\"m\",\"input\":\"hi\"}"),
        MESSAGES("messages", "/v1/messages", null, "{\"model\":\"m\"}"),
        GEMINI(
                "generateContent",
                "/v1beta/models/m:streamGenerateContent",
                "alt=sse",
                Streamed.THOUGHTS),
        GEMINI_ARRAY("generateContent", "/v1beta/models/m:streamGenerateContent", null, "{}");

        private final String surface;
        private final String path;
        private final String query;
        private final String body;

        Form(String surface, String path, String query, String body) {
            this.surface = surface;
            this.path = path;
            this.query = query;
            this.body = body;
        }

        Dialect dialect() {
            return (Dialect) Objects.requireNonNull(Dialects.of(surface));
        }

        ReplyContext context() {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            var client = new Surface(path, query, Headers.NONE, bytes);
            return new ReplyContext(
                    "r1", "the-model", 1_795_000_000L, this == CHAT_WITH_USAGE, client);
        }

        ReplyEncoder encoder() {
            return dialect().encoder(context());
        }

        /** Judges a stream of this surface. */
        StreamOrder judge(String stream) {
            return switch (this) {
                case GENERATE -> new UniformOrder().read(stream);
                case CHAT -> new ChatOrder(false).read(stream);
                case CHAT_WITH_USAGE -> new ChatOrder(true).read(stream);
                case RESPONSES -> new ResponsesOrder(true).read(stream);
                case MESSAGES -> new MessagesOrder().read(stream);
                case GEMINI -> ((GeminiOrder) new GeminiOrder(true).read(stream)).close();
                case GEMINI_ARRAY -> new GeminiOrder(true).readArray(stream).close();
            };
        }
    }

    private static final String THOUGHTS =
            "{\"generationConfig\":{\"thinkingConfig\":{\"includeThoughts\":true}}}";

    /** The stream that a client of that surface gets; empty where nothing is ever committed. */
    static String write(List<ChatEvent> events, Form form) {
        return write(events, form, false);
    }

    /** {@code kept}: with a keep-alive before each event and each end. */
    static String write(List<ChatEvent> events, Form form, boolean kept) {
        var out = new ByteSink();
        ReplyEncoder encoder = form.encoder();
        var fold = new ReplyFold();
        List<ChatEvent> held = new ArrayList<>();
        boolean committed = false;
        for (ChatEvent event : events) {
            fold.accept(event);
            if (kept) {
                encoder.keepAlive(out);
            }
            if (event instanceof ChatEvent.Failed failed) {
                return committed ? failed(failed.fault(), encoder, out) : "";
            }
            if (event instanceof ChatEvent.SourceSeen) {
                continue;
            }
            boolean finished = event instanceof ChatEvent.Finished;
            if (!committed && (event.isContent() || finished)) {
                committed = true;
                held.forEach(each -> encoder.event(each, out));
            }
            if (finished) {
                encoder.finish(ending(fold), out);
            } else if (committed) {
                encoder.event(event, out);
            } else {
                held.add(event);
            }
        }
        return text(out);
    }

    private static String failed(Fault fault, ReplyEncoder encoder, ByteSink out) {
        encoder.fail(fault, new ErrorContext("r1", "vendor", List.of()), out);
        return text(out);
    }

    private static Ending ending(ReplyFold fold) {
        return new Ending(fold.stop(), fold.usage(), Cost.UNKNOWN, null, fold.sources());
    }

    /** The whole answer that the same client gets unstreamed; the answer must have finished. */
    static String whole(List<ChatEvent> events, Form form) {
        var fold = new ReplyFold();
        events.forEach(fold::accept);
        var reply = new ChatReply(fold.id(), fold.model(), fold.content(), ending(fold));
        return new String(form.dialect().reply(reply, form.context()), StandardCharsets.UTF_8);
    }

    static String text(ByteSink out) {
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}
