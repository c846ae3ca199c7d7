package dev.pillion.sidecar.dispatch;

import dev.pillion.adapters.Forwarding;
import dev.pillion.adapters.Passthrough;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.upstream.Loop;
import dev.pillion.sidecar.upstream.VendorRequest;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How one job is put to a target, and its answer read: as it is where it can be, or translated. */
final class Rendering {
    private final Job job;
    private final Answer answer;
    private final Supplier<Memory> memory;
    private final Loop loop;
    private final Executor offLoop;

    Rendering(Job job, Answer answer, Supplier<Memory> memory, Loop loop, Executor offLoop) {
        this.job = job;
        this.answer = answer;
        this.memory = memory;
        this.loop = loop;
        this.offLoop = offLoop;
    }

    /** How to hand the request on as it is; null where that can't be, or shall not. */
    @Nullable Forwarding asItIs(Target target) {
        return sameFormat(target, job.work().dialect().passthrough());
    }

    private <F extends Forwarding> @Nullable F sameFormat(Target target, @Nullable F forwarding) {
        boolean same =
                job.passthrough()
                        && forwarding != null
                        && forwarding.speaks().equals(target.format().speaks())
                        && forwarding.reaches(target.provider())
                        && forwarding.fits(job.outline(), target.model().traits());
        return same ? forwarding : null;
    }

    /**
     * The call.
     *
     * @param asItIs how to hand it on; null: it is translated
     * @throws dev.pillion.protocol.fault.FaultException where the target can't express the request
     */
    UpstreamCall call(Target target, @Nullable Forwarding asItIs) {
        return asItIs == null
                ? job.work().call(target, job.lossy())
                : asItIs.call(job.client(), job.outline(), target.model().traits().id());
    }

    VendorRequest request(Target target, UpstreamCall call, long leftNanos) {
        Headers credentials =
                target.key() == null
                        ? Headers.NONE
                        : target.format().credentials(target.key().secret().reveal());
        Patience patience = Patience.of(target.timeouts(), job, call);
        Duration first = patience.firstByte();
        Duration left = Duration.ofNanos(leftNanos);
        return new VendorRequest(
                target.endpoint(),
                call.method(),
                call.path(),
                call.headers().plus(credentials),
                call.body(),
                first.compareTo(left) < 0 ? first : left,
                patience.idle(),
                !job.work().repeatable());
    }

    /** Of a call that is handed on as it is, redirects and the like are answers too. */
    boolean answers(int status) {
        return status / 100 == 2 || (status < 400 && job.work() instanceof Work.Raw);
    }

    /**
     * The reader for an answer that has begun well.
     *
     * @param blockedElsewhere whether another target may be asked for what this one has blocked
     */
    Reply reply(Attempt attempt, Headers headers, BooleanSupplier blockedElsewhere) {
        return switch (job.work()) {
            case Work.Chat chat -> reply(chat, attempt, headers, blockedElsewhere);
            case Work.Whole whole ->
                    new WholeReply(attempt, whole, answer, memory.get(), loop, offLoop);
            case Work.Raw _ -> new RawReply(attempt, answer, memory.get());
        };
    }

    private Reply reply(
            Work.Chat chat, Attempt attempt, Headers headers, BooleanSupplier blockedElsewhere) {
        Target target = attempt.target();
        Passthrough same = sameFormat(target, chat.dialect().passthrough());
        return same != null
                ? new PassedReply(
                        attempt,
                        same.tap(job.outline(), headers),
                        answer,
                        job.stream(),
                        memory.get(),
                        blockedElsewhere)
                : new TranslatedReply(
                        attempt,
                        target.format()
                                .decoder(
                                        chat.request().get(),
                                        target.encodeContext(job.lossy()),
                                        headers),
                        answer,
                        job.stream(),
                        memory.get(),
                        blockedElsewhere);
    }
}
