package dev.pillion.sidecar.rehearse;

import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.sidecar.dispatch.Answer;
import dev.pillion.sidecar.dispatch.Attempt;
import dev.pillion.sidecar.dispatch.Outcome;
import java.util.List;
import java.util.function.Consumer;

/** What became of one request. */
final class Story implements Answer {
    private final Stage stage;
    private final Turn turn;
    private final Consumer<Story> end;
    private int firstAsked = -1;
    private int asked;
    private int answered = -1;
    private long firstNanos;
    private double usd;
    private boolean failed;

    Story(Stage stage, Turn turn, Consumer<Story> end) {
        this.stage = stage;
        this.turn = turn;
        this.end = end;
    }

    Turn turn() {
        return turn;
    }

    /** The actor asked first; -1: none could be. */
    int firstAsked() {
        return firstAsked;
    }

    /** The actor whose content the client got; -1: none. */
    int answered() {
        return answered;
    }

    int attempts() {
        return asked;
    }

    /** From the request to the first content; without an answer meaningless. */
    long firstNanos() {
        return firstNanos;
    }

    double usd() {
        return usd;
    }

    boolean failed() {
        return failed;
    }

    void asked(int actor) {
        if (firstAsked < 0) {
            firstAsked = actor;
        }
        asked++;
    }

    void charged(double more) {
        usd += more;
    }

    @Override
    public void begin(Attempt attempt) {
        answered = stage.index(attempt.target().model().id());
        firstNanos = stage.loop().nanos() - turn.arrivalNanos();
    }

    @Override
    public void event(ChatEvent event) {}

    @Override
    public void frames(ByteSink frames) {
        frames.reset();
    }

    @Override
    public void whole(String vendorId, List<Part> content) {}

    @Override
    public void whole(ByteSink body) {}

    @Override
    public void flush() {}

    @Override
    public void done(Outcome outcome) {
        end.accept(this);
    }

    @Override
    public void failed(Fault fault, Outcome outcome) {
        refused();
    }

    /** Nobody was asked, or nobody answered. */
    void refused() {
        failed = true;
        end.accept(this);
    }

    @Override
    public void broken(RuntimeException defect, Outcome outcome) {
        throw defect;
    }
}
