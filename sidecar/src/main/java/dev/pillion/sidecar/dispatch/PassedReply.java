package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.ReplyTap;
import dev.pillion.protocol.chat.Source;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An answer that goes through as the vendor writes it, watched by a tap. */
final class PassedReply implements Reply {
    /** Frames before the first content; more is no real answer. */
    private static final int MAX_HELD_BYTES = 1 << 20;

    private final Attempt attempt;
    private final ReplyTap tap;
    private final Answer answer;
    private final boolean stream;
    private final Memory memory;
    private final BooleanSupplier blockedElsewhere;
    private final ByteSink frames;
    private @Nullable Fault fault;
    private boolean committed;
    private boolean finished;

    /**
     * @param blockedElsewhere whether another target may be asked for what this one has blocked
     */
    PassedReply(
            Attempt attempt,
            ReplyTap tap,
            Answer answer,
            boolean stream,
            Memory memory,
            BooleanSupplier blockedElsewhere) {
        this.attempt = attempt;
        this.tap = tap;
        this.answer = answer;
        this.stream = stream;
        this.frames = new ByteSink(stream ? 4096 : 0);
        this.memory = memory;
        this.blockedElsewhere = blockedElsewhere;
    }

    @Override
    public void body(ByteBuffer piece) {
        if (!stream && !memory.take(piece.remaining())) {
            fault = memory.fault();
            return;
        }
        tap.body(piece, frames);
        look();
    }

    @Override
    public void end() {
        tap.end(frames);
        look();
        if (fault == null && !finished) {
            if (tap.stop() == null) {
                fault = Fault.protocol("the answer was cut");
            } else {
                finish();
            }
        }
    }

    private void look() {
        if (fault == null) {
            fault = tap.fault();
            if (fault != null && committed && !frames.isEmpty()) {
                answer.frames(frames); // What came before the error, in the same read.
            }
        }
        if (fault != null || finished) {
            return;
        }
        if (stream && !committed && tap.content()) {
            commit();
        } else if (!committed && stream && frames.size() > MAX_HELD_BYTES) {
            fault = Fault.protocol("the vendor sends events without content");
        }
        if (stream && tap.finished()) {
            finish();
        }
    }

    @Override
    public void readComplete() {
        if (fault == null && stream && committed && !frames.isEmpty()) {
            answer.frames(frames);
            answer.flush();
        }
    }

    private void finish() {
        Stop how = tap.stop();
        boolean blocked = how != null && how.reason() == StopReason.REFUSAL && !tap.content();
        if (blocked && !committed && blockedElsewhere.getAsBoolean()) {
            fault = Blocked.by(attempt.target());
            return;
        }
        if (!committed) {
            commit();
        }
        if (stream) {
            readComplete();
        } else {
            answer.whole(frames);
        }
        finished = true;
    }

    private void commit() {
        committed = true;
        attempt.begin(answer);
    }

    @Override
    public boolean finishing() {
        return tap.finishing();
    }

    @Override
    public boolean finished() {
        return finished;
    }

    @Override
    public @Nullable Fault fault() {
        return fault;
    }

    @Override
    public @Nullable Usage usage() {
        return tap.usage();
    }

    @Override
    public @Nullable Stop stop() {
        return tap.stop();
    }

    @Override
    public List<Source> sources() {
        return List.of();
    }

    @Override
    public boolean committed() {
        return committed;
    }

    @Override
    public long place() {
        return committed ? tap.place() : 0;
    }

    @Override
    public void release() {
        memory.release();
    }
}
