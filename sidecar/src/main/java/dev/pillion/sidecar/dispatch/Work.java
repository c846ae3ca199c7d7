package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.CountDialect;
import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.EmbedDialect;
import dev.pillion.adapters.Embedder;
import dev.pillion.adapters.ModelsDialect;
import dev.pillion.adapters.RawDialect;
import dev.pillion.adapters.SharedWords;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.TokenCounter;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.TokenCount;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.embed.EmbedReply;
import dev.pillion.protocol.embed.EmbedRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.plan.Task;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with a request, for the stages that treat all requests alike: it knows how to
 * ask a target for it and, where the answer is only worth anything whole, how to read that. An
 * answer to a chat is read piece by piece instead, since it may be streamed.
 */
public sealed interface Work {

    /** The surface that it was asked on. */
    AnyDialect dialect();

    Task task();

    /** Decodes the request, if it is not yet; what is wrong with it is thrown. */
    void decode();

    /** The conversation, as far as it has been decoded; null: not yet, or there is none. */
    @Nullable ChatRequest chat();

    /**
     * The call to the target, by translation.
     *
     * @throws dev.pillion.protocol.fault.FaultException {@code unsupported} with the field's name
     */
    UpstreamCall call(Target target, boolean lossy);

    /** Whether it may be sent again though the vendor may have done it already. */
    default boolean repeatable() {
        return true;
    }

    /** The work that the surface's clients want done. */
    static Work of(AnyDialect dialect, Surface client) {
        return switch (dialect) {
            case Dialect chat -> new Chat(chat, new Once<>(() -> chat.decode(client)));
            case CountDialect count -> new Count(count, new Once<>(() -> count.decode(client)));
            case EmbedDialect embed ->
                    new Embed(embed, client, new Once<>(() -> embed.decode(client)));
            case ModelsDialect _, RawDialect _ ->
                    throw new IllegalStateException(dialect.surface() + " has no format to read");
        };
    }

    /** A request to be answered. */
    record Chat(Dialect dialect, Once<ChatRequest> request) implements Work {
        @Override
        public Task task() {
            return Task.ANSWER;
        }

        @Override
        public void decode() {
            request.get();
        }

        @Override
        public @Nullable ChatRequest chat() {
            return request.made();
        }

        @Override
        public UpstreamCall call(Target target, boolean lossy) {
            SharedWords.Told told =
                    SharedWords.told(
                            request.get(),
                            dialect.vendor(),
                            target.format().speaks(),
                            target.provider());
            return target.format()
                    .encode(told.request(), target.encodeContext(lossy))
                    .without(told.left());
        }
    }

    /**
     * A call of one provider's own API, to be handed on as it is.
     *
     * @param request what is handed on; or what is wrong with it is thrown
     */
    record Raw(RawDialect dialect, String provider, Once<UpstreamCall> request, boolean repeatable)
            implements Work {
        @Override
        public Task task() {
            return Task.RAW;
        }

        @Override
        public void decode() {
            request.get();
        }

        @Override
        public @Nullable ChatRequest chat() {
            return null;
        }

        @Override
        public UpstreamCall call(Target target, boolean lossy) {
            return request.get();
        }
    }

    /** Work whose answer is read when all of it is there. */
    sealed interface Whole extends Work {
        /**
         * Reads the answer; may take long, and run on any thread.
         *
         * @param passed whether the answer goes to the client as it is
         * @throws dev.pillion.protocol.fault.FaultException for what is no answer
         */
        Read read(Target target, boolean passed, ByteBuffer body);
    }

    /**
     * A whole answer, read.
     *
     * @param body what the client gets; null: the vendor's own bytes
     * @param usage what it used; null: nothing that is billed
     * @param fault why it can't serve though it used something; null: it can
     */
    record Read(@Nullable ByteSink body, @Nullable Usage usage, @Nullable Fault fault) {}

    /** Inputs to be turned into vectors. */
    record Embed(EmbedDialect dialect, Surface client, Once<EmbedRequest> request)
            implements Whole {
        @Override
        public Task task() {
            return Task.EMBED;
        }

        @Override
        public void decode() {
            request.get();
        }

        @Override
        public @Nullable ChatRequest chat() {
            return null;
        }

        @Override
        public UpstreamCall call(Target target, boolean lossy) {
            return embedder(target).encode(request.get(), target.encodeContext(lossy));
        }

        @Override
        public Read read(Target target, boolean passed, ByteBuffer body) {
            EmbedRequest asked = request.get();
            EmbedReply reply = embedder(target).decode(asked, body, !passed);
            Usage usage = reply.usage() == null ? estimate(asked) : reply.usage();
            int expected = asked.inputs().size();
            if (reply.vectors().size() != expected) {
                String message = reply.vectors().size() + " vectors for " + expected + " inputs";
                return new Read(null, usage, Fault.protocol("the vendor sent " + message));
            }
            if (passed) {
                return new Read(null, usage, null);
            }
            var out = new ByteSink();
            var whole = new EmbedReply(reply.model(), reply.vectors(), usage, reply.extras());
            dialect.reply(whole, asked, target.model().vendorId(), client, out);
            return new Read(out, usage, null);
        }

        private static Usage estimate(EmbedRequest asked) {
            return new Usage(asked.estimatedTokens(), 0, 0, 0, 0, 0, 0, 0, 0, null, true);
        }

        private static Embedder embedder(Target target) {
            Embedder embedder = target.format().embedder();
            if (embedder == null) {
                throw new IllegalStateException("planned for a vendor that does not embed");
            }
            return embedder;
        }
    }

    /** A request whose tokens are to be counted; no vendor bills that. */
    record Count(CountDialect dialect, Once<ChatRequest> request) implements Whole {
        @Override
        public Task task() {
            return Task.COUNT;
        }

        @Override
        public void decode() {
            request.get();
        }

        @Override
        public @Nullable ChatRequest chat() {
            return request.made();
        }

        @Override
        public UpstreamCall call(Target target, boolean lossy) {
            return counter(target).encode(request.get(), target.encodeContext(lossy));
        }

        @Override
        public Read read(Target target, boolean passed, ByteBuffer body) {
            TokenCount count = counter(target).decode(body);
            if (passed) {
                return new Read(null, null, null);
            }
            var out = new ByteSink();
            dialect.reply(count, out);
            return new Read(out, null, null);
        }

        private static TokenCounter counter(Target target) {
            TokenCounter counter = target.format().counter(target.provider());
            if (counter == null) {
                throw new IllegalStateException("planned for a vendor that does not count");
            }
            return counter;
        }
    }
}
