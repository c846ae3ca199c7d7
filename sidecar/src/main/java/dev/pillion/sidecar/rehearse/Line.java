package dev.pillion.sidecar.rehearse;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.upstream.Loop;
import dev.pillion.sidecar.upstream.VendorCall;
import dev.pillion.sidecar.upstream.VendorListener;
import dev.pillion.sidecar.upstream.VendorRequest;
import dev.pillion.sidecar.upstream.Vendors;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** One request's line to the virtual vendors: it knows the request, so they know what to do. */
final class Line implements Vendors {
    private static final long REFUSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final double FAILS_AFTER = 0.4;
    private static final double CUT_AT = 0.5;
    private static final int SPREAD_QUESTION = 0;
    private static final int FAILS_QUESTION = 2;
    private static final int CUTS_QUESTION = 3;

    private final Stage stage;
    private final Story story;
    private final Router router;

    Line(Stage stage, Story story, Router router) {
        this.stage = stage;
        this.story = story;
        this.router = router;
    }

    @Override
    public VendorCall send(Loop loop, VendorRequest request, VendorListener listener) {
        Actor actor = stage.actor(request);
        story.asked(actor.index());
        router.asked(actor.index());
        var call = new Played(actor, request, listener, loop);
        loop.execute(call::begin);
        return call;
    }

    @Override
    public void close() {}

    /** One call as the virtual vendor plays it. */
    private final class Played implements VendorCall {
        private final Actor actor;
        private final VendorRequest request;
        private final VendorListener listener;
        private final Loop loop;
        private final Words words;
        private long cachedTokens;
        private long contentNanos;
        private long endNanos;
        private int errorStatus;
        private final long beganNanos;
        private boolean over;

        Played(Actor actor, VendorRequest request, VendorListener listener, Loop loop) {
            this.actor = actor;
            this.request = request;
            this.listener = listener;
            this.loop = loop;
            this.beganNanos = loop.nanos();
            this.words = actor.words(request.path());
        }

        void begin() {
            if (over) {
                return;
            }
            listener.sent();
            Turn turn = story.turn();
            long now = loop.nanos();
            if (actor.weather(Spell.Kind.HANGS, now) > 0) {
                loop.after(request.firstByte().toNanos(), this::timeout);
            } else if (actor.weather(Spell.Kind.DOWN, now) > 0) {
                loop.after(REFUSAL_NANOS, () -> error(503, FaultKind.UNAVAILABLE, Headers.NONE));
            } else if (!actor.fits(turn)) {
                loop.after(
                        REFUSAL_NANOS, () -> error(400, FaultKind.CONTEXT_TOO_LONG, Headers.NONE));
            } else if (!actor.takePlace(now)) {
                String seconds = String.valueOf(actor.placeAfterSeconds(now));
                Headers hint = Headers.of("retry-after", seconds);
                loop.after(REFUSAL_NANOS, () -> error(429, FaultKind.RATE_LIMITED, hint));
            } else {
                work(turn, now);
            }
        }

        private void work(Turn turn, long now) {
            cachedTokens = actor.cachedTokens(turn, now);
            double mean = actor.firstNanos(turn.inputTokens() - cachedTokens, now);
            double spread = actor.tempo().spread();
            long first =
                    (long)
                            (mean
                                    * stage.dice()
                                            .around1(
                                                    turn.number(),
                                                    actor.index(),
                                                    SPREAD_QUESTION,
                                                    spread));
            if (drawn(FAILS_QUESTION) < actor.weather(Spell.Kind.FAILS, now)) {
                long after = (long) (first * FAILS_AFTER);
                loop.after(after, () -> error(500, FaultKind.INTERNAL, Headers.NONE));
            } else if (first > request.firstByte().toNanos()) {
                loop.after(request.firstByte().toNanos(), this::timeout);
            } else {
                loop.after(first, this::content);
            }
        }

        private double drawn(int question) {
            return stage.dice().of(story.turn().number(), actor.index(), question);
        }

        private void content() {
            if (over) {
                return;
            }
            contentNanos = loop.nanos();
            router.first(actor.index(), contentNanos - beganNanos);
            Turn turn = story.turn();
            actor.keep(turn, contentNanos);
            long whole = actor.tempo().answerNanos(turn.outputTokens());
            endNanos = contentNanos + whole;
            if (drawn(CUTS_QUESTION) < actor.weather(Spell.Kind.CUTS, contentNanos)) {
                loop.after((long) (whole * CUT_AT), this::cut);
            } else {
                loop.after(whole, this::end);
            }
            listener.head(200, Headers.of("content-type", "text/event-stream"));
            say(words.opening(actor.model().vendorId()));
        }

        private void say(ByteBuffer bytes) {
            if (!over) {
                listener.body(bytes);
                listener.readComplete();
            }
        }

        private void end() {
            if (over) {
                return;
            }
            Turn turn = story.turn();
            charge(turn.outputTokens());
            say(words.closing(Actor.usage(turn.inputTokens(), cachedTokens, turn.outputTokens())));
            if (!over) {
                hangUp(true);
                listener.end();
            }
        }

        private void cut() {
            if (!over) {
                hangUp(false);
                charge(tokensSoFar());
                listener.failed(Fault.network(FaultKind.UNAVAILABLE, "the connection was cut"));
            }
        }

        private void timeout() {
            if (!over) {
                hangUp(false);
                listener.failed(Fault.network(FaultKind.TIMEOUT, "no answer in time"));
            }
        }

        private void error(int status, FaultKind kind, Headers headers) {
            if (over) {
                return;
            }
            errorStatus = status;
            listener.head(status, headers.plus(Headers.of("content-type", "application/json")));
            say(words.error(kind));
            if (!over) {
                hangUp(false);
                listener.end();
            }
        }

        private void hangUp(boolean well) {
            over = true;
            router.ended(actor.index(), well, loop.nanos() - beganNanos);
        }

        private long tokensSoFar() {
            double part =
                    (loop.nanos() - contentNanos) / (double) Math.max(1, endNanos - contentNanos);
            return (long) (story.turn().outputTokens() * part);
        }

        private void charge(long outputTokens) {
            Instant now = stage.instant();
            story.charged(actor.usd(story.turn().inputTokens(), cachedTokens, outputTokens, now));
        }

        @Override
        public void cancel() {
            if (!over) {
                hangUp(errorStatus == 0);
                if (contentNanos != 0) {
                    charge(tokensSoFar());
                }
            }
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}
    }
}
