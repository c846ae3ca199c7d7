package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.ReplyDecoder;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer decoded to events: handed on one by one, or folded for a client that does not stream.
 */
final class TranslatedReply implements Reply {
    /** Events before the first content: a start, usage, empty deltas. More is no real answer. */
    private static final int MAX_HELD_EVENTS = 10_000;

    private final Attempt attempt;
    private final ReplyDecoder decoder;
    private final Answer answer;
    private final boolean stream;
    private final Memory memory;
    private final BooleanSupplier blockedElsewhere;
    private final ReplyFold fold = new ReplyFold();
    private final List<ChatEvent> held = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private @Nullable Usage usage;
    private @Nullable Stop stop;
    private @Nullable Fault fault;
    private boolean seenContent;
    private boolean committed;

    /**
     * @param blockedElsewhere whether another target may be asked for what this one has blocked
     */
    TranslatedReply(
            Attempt attempt,
            ReplyDecoder decoder,
            Answer answer,
            boolean stream,
            Memory memory,
            BooleanSupplier blockedElsewhere) {
        this.attempt = attempt;
        this.decoder = decoder;
        this.answer = answer;
        this.stream = stream;
        this.memory = memory;
        this.blockedElsewhere = blockedElsewhere;
    }

    @Override
    public void body(ByteBuffer piece) {
        if (!stream && !memory.take(piece.remaining())) {
            fault = memory.fault();
            return;
        }
        decoder.body(piece, this::accept);
    }

    @Override
    public void end() {
        decoder.end(this::accept);
        readComplete();
    }

    @Override
    public void readComplete() {
        if (committed && fault == null) {
            answer.flush();
        }
    }

    private void accept(ChatEvent event) {
        if (fault != null || stop != null) {
            return;
        }
        switch (event) {
            case ChatEvent.UsageSeen seen -> usage(seen);
            case ChatEvent.SourceSeen seen -> addSource(seen.source());
            case ChatEvent.Failed failed -> fault = failed.fault();
            case ChatEvent.Finished finished -> finish(finished.stop());
            case ChatEvent.Started _,
                    ChatEvent.TextDelta _,
                    ChatEvent.ThinkingDelta _,
                    ChatEvent.ToolCallStarted _,
                    ChatEvent.ToolCallDelta _,
                    ChatEvent.Cited _,
                    ChatEvent.Sealed _,
                    ChatEvent.Whole _,
                    ChatEvent.Ping _ ->
                    content(event);
        }
    }

    /** Surfaces that tell usage early hear of it; before content the last word is enough. */
    private void usage(ChatEvent.UsageSeen seen) {
        usage = seen.usage();
        if (committed && stream) {
            answer.event(seen);
        }
    }

    private void content(ChatEvent event) {
        seenContent |= event.isContent();
        if (!stream) {
            fold.accept(event);
        } else if (committed) {
            answer.event(event);
        } else if (event.isContent()) {
            commit();
            answer.event(event);
        } else if (held.size() < MAX_HELD_EVENTS) {
            held.add(event);
        } else {
            fault = Fault.protocol("the vendor sends events without content");
        }
    }

    private void addSource(Source source) {
        if (!sources.contains(source)) {
            sources.add(source);
        }
    }

    private void finish(Stop how) {
        if (!seenContent && how.reason() == StopReason.REFUSAL && blockedElsewhere.getAsBoolean()) {
            fault = Blocked.by(attempt.target());
            return;
        }
        if (!committed) {
            commit();
        }
        if (!stream) {
            answer.whole(fold.id(), fold.content());
        }
        stop = how;
    }

    private void commit() {
        committed = true;
        attempt.begin(answer);
        if (stream && usage != null) {
            answer.event(new ChatEvent.UsageSeen(usage));
        }
        for (ChatEvent event : held) {
            answer.event(event);
        }
        held.clear();
    }

    @Override
    public boolean finishing() {
        return decoder.finishing();
    }

    @Override
    public boolean finished() {
        return stop != null;
    }

    @Override
    public @Nullable Fault fault() {
        return fault;
    }

    @Override
    public @Nullable Usage usage() {
        return usage;
    }

    @Override
    public @Nullable Stop stop() {
        return stop;
    }

    @Override
    public List<Source> sources() {
        return sources;
    }

    @Override
    public boolean committed() {
        return committed;
    }

    @Override
    public void release() {
        memory.release();
    }
}
