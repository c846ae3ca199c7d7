package dev.pillion.sidecar.exchange;

import dev.pillion.adapters.AnyDialect;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Stored;
import dev.pillion.adapters.StoredNames;
import dev.pillion.adapters.Surface;
import dev.pillion.adapters.VendorCuts;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.account.PromptSize;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.admit.Admitted;
import dev.pillion.sidecar.admit.Claim;
import dev.pillion.sidecar.admit.Permit;
import dev.pillion.sidecar.admit.Reserve;
import dev.pillion.sidecar.config.CallerConfig;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Dispatch;
import dev.pillion.sidecar.dispatch.Job;
import dev.pillion.sidecar.dispatch.Outcome;
import dev.pillion.sidecar.dispatch.Work;
import dev.pillion.sidecar.plan.Ask;
import dev.pillion.sidecar.plan.Load;
import dev.pillion.sidecar.plan.Opening;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.plan.Task;
import dev.pillion.sidecar.telemetry.Telemetry;
import dev.pillion.sidecar.upstream.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One request on its way through the stages. It lives on one loop and shares nothing. */
final class Exchange {
    /** Bodies over this are decoded off the loop, so that others on it need not wait. */
    private static final int MAX_ON_LOOP_BYTES = 1 << 20;

    /** All attempts together, when the caller sets no deadline of its own. */
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private static final int BYTES_PER_TOKEN = 4;

    /** What every exchange uses. */
    record Services(
            Executor offLoop,
            Ledger ledger,
            Telemetry telemetry,
            TokenEstimator estimator,
            InstantSource clock) {}

    private final Inbound in;
    private final AnyDialect dialect;
    private final Snapshot snapshot;
    private final Services services;
    private final Surface client;
    private final Loop loop;
    private final Work work;
    private final ReplyWriter writer;
    private Wishes wishes = Wishes.of(Headers.NONE);
    private Ask.@Nullable Ceiling ceiling;
    private long leastTokens = -1;

    Exchange(
            Inbound in,
            Responder out,
            Work work,
            Surface client,
            Snapshot snapshot,
            Services services) {
        this.in = in;
        this.dialect = work.dialect();
        this.snapshot = snapshot;
        this.services = services;
        this.client = client;
        this.work = work;
        this.loop = out.loop();
        this.writer = new ReplyWriter(in, out, dialect, client, snapshot, services);
    }

    /** Reads headers and body; hands on the outline on the loop, or answers with what is wrong. */
    void readBody(Consumer<Outline> next) {
        if (in.body().length <= MAX_ON_LOOP_BYTES) {
            read(next);
            return;
        }
        services.offLoop()
                .execute(() -> {
                    Outline outline;
                    try {
                        outline = outline();
                    } catch (FaultException e) {
                        loop.execute(() -> writer.refuse(e.fault()));
                        return;
                    } catch (RuntimeException e) {
                        loop.execute(() -> writer.broken(e, Outcome.NONE));
                        return;
                    }
                    loop.execute(() -> {
                        if (!writer.over()) { // nobody is asked for a client that has left
                            next.accept(outline);
                        }
                    });
                });
    }

    private void read(Consumer<Outline> next) {
        Outline outline;
        try {
            outline = outline();
        } catch (FaultException e) {
            writer.refuse(e.fault());
            return;
        } catch (RuntimeException e) {
            writer.broken(e, Outcome.NONE);
            return;
        }
        next.accept(outline);
    }

    private Outline outline() {
        wishes = Wishes.of(in.headers());
        if (!(work instanceof Work.Raw)) {
            BodyText.check(in.body());
        }
        Outline outline = dialect.outline(client);
        boolean large = in.body().length > MAX_ON_LOOP_BYTES;
        boolean needed = large && (dialect.passthrough() == null || !wishes.passthrough());
        switch (work) {
            case Work.Chat chat -> {
                chat.request().put(outline.decoded());
                if (needed) {
                    chat.decode();
                }
            }
            case Work.Count count -> {
                count.request().put(outline.decoded());
                count.decode();
            }
            case Work.Embed embed -> embed.decode();
            case Work.Raw raw -> raw.decode();
        }
        writer.understood(outline, wishes);
        if (work.task() != Task.COUNT) {
            ceiling = Ceiling.of(wishes, work.chat(), outline, in.body(), dialect.vendor());
        }
        if (large && work.task() == Task.ANSWER) {
            leastTokens(); // not on the loop
        }
        return outline;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Loop loop() {
        return loop;
    }

    ReplyWriter answer() {
        return writer;
    }

    Claim claim() {
        ChatRequest decoded = work.chat();
        var tags = wishes.tags().isEmpty() && decoded != null ? decoded.tags() : wishes.tags();
        return new Claim(in.uid(), wishes.caller(), tags);
    }

    /** What the planner must know; the same facts whether the request was scanned or decoded. */
    Ask ask(Outline outline, Admitted caller) {
        ChatRequest decoded = work.chat();
        RouteWish route = decoded == null ? RouteWish.DEFAULT : decoded.route();
        CallerConfig.Allow allow = caller.allow();
        return new Ask(
                work.task(),
                outline.model(),
                dialect.vendor(),
                decoded == null ? null : decoded.modelClass(),
                outline.needs(),
                outline.refusable(),
                decoded == null ? Set.of() : Seals.accounts(decoded),
                this::stored,
                work instanceof Work.Raw raw ? List.of(raw.provider()) : route.only(),
                route.not(),
                failover(),
                allow == null ? null : allow.providers(),
                allow == null || allow.classes() == null ? null : words(allow.classes()),
                ceiling,
                wishes.lossy(),
                prefer(route),
                load(outline, caller.name()),
                prompt());
    }

    private Ask.Prompt prompt() {
        long atMost = (long) (in.body().length * PromptSize.LEAST_PER_BYTE);
        return new Ask.Prompt(atMost, this::leastTokens);
    }

    /** What the vendor may cut is of any length. */
    private long leastTokens() {
        if (leastTokens < 0) {
            byte[] body = in.body();
            leastTokens = VendorCuts.in(body) ? 0 : PromptSize.of(body).leastTokens();
        }
        return leastTokens;
    }

    private RouteWish.Prefer prefer(RouteWish route) {
        RouteWish.Prefer header = wishes.prefer();
        return header == null ? route.prefer() : header;
    }

    /** What is known of the request's weight before anybody has answered it. */
    private Load load(Outline outline, String caller) {
        Integer limit = outline.maxOutputTokens();
        int searches = outline.needs().contains(Need.WEBSEARCH) ? 1 : 0;
        ChatRequest decoded = work.chat();
        String modelClass = decoded == null ? null : decoded.modelClass();
        String what = outline.model() == null ? modelClass : outline.model();
        return new Load(
                outline.stream(),
                outline.bodyBytes() / BYTES_PER_TOKEN,
                limit == null ? Long.MAX_VALUE : limit,
                searches,
                caller + ' ' + what,
                work.task() == Task.ANSWER ? Opening.of(caller, in.body()) : Opening.NONE);
    }

    private List<Stored> stored() {
        return work instanceof Work.Raw(_, String provider, _, _)
                ? StoredNames.inCall(in.path(), in.body(), provider).stream()
                        .map(id -> new Stored(provider, null, id, "", true))
                        .toList()
                : StoredNames.in(in.body(), dialect.vendor());
    }

    private static Set<String> words(Set<ModelClass> classes) {
        return classes.stream().map(ModelClass::wire).collect(Collectors.toSet());
    }

    private boolean failover() {
        Boolean header = wishes.failover();
        ChatRequest decoded = work.chat();
        return header != null ? header : decoded == null || decoded.route().failover();
    }

    /**
     * Whether two vendors may be asked at once. What names something that a vendor stores may
     * change it, and so is not done twice.
     */
    private boolean hedge(Plan plan) {
        Boolean asked = wishes.hedge();
        ChatRequest decoded = work.chat();
        ModelClass modelClass = plan.modelClass() == null ? null : ModelClass.of(plan.modelClass());
        RoutingConfig.ClassRoute route =
                modelClass == null ? null : snapshot.config().routing().classes().get(modelClass);
        boolean wanted =
                asked != null
                        ? asked
                        : (decoded != null && decoded.route().hedge())
                                || (route != null && route.hedge());
        return wanted && stored().isEmpty();
    }

    /** What is to be answered, and how. */
    Job job(Outline outline, Plan plan) {
        Duration asked = wishes.deadline();
        ChatRequest decoded = work.chat();
        if (asked == null && decoded != null) {
            asked = decoded.budget().deadline();
        }
        Duration longest = asked == null ? LONGEST : asked;
        return new Job(
                work,
                client,
                outline,
                outline.stream(),
                wishes.lossy(),
                wishes.passthrough(),
                failover(),
                hedge(plan),
                in.completeNanos() + longest.toNanos());
    }

    void admitted(Admitted caller) {
        writer.admitted(caller);
    }

    void planned(Plan plan) {
        writer.planned(plan, failover());
    }

    /** What is held back for it; of a caller without a budget nothing needs to be. */
    Reserve foreseen(Outline outline, Admitted caller, Plan plan) {
        return caller.budgetUsdPerDay() == null
                ? Reserve.FREE
                : Foreseen.of(work, outline, plan, in.method(), services.clock().instant());
    }

    void permitted(Permit permit) {
        writer.permitted(permit);
    }

    void begun(Dispatch dispatch) {
        writer.begun(dispatch);
    }

    void refused(Fault fault) {
        writer.refuse(fault);
    }

    /** A defect of ours, wherever it was met. */
    void broken(RuntimeException defect) {
        writer.broken(defect, Outcome.NONE);
    }
}
