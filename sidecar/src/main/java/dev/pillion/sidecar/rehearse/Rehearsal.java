package dev.pillion.sidecar.rehearse;

import dev.pillion.adapters.Dialect;
import dev.pillion.adapters.Dialects;
import dev.pillion.adapters.Outline;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.RouteWish.Prefer;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.config.RoutingConfig;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Dispatcher;
import dev.pillion.sidecar.dispatch.Job;
import dev.pillion.sidecar.dispatch.Once;
import dev.pillion.sidecar.dispatch.Work;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.plan.Ask;
import dev.pillion.sidecar.plan.Habits;
import dev.pillion.sidecar.plan.Homes;
import dev.pillion.sidecar.plan.Load;
import dev.pillion.sidecar.plan.Opening;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.plan.Planner;
import dev.pillion.sidecar.plan.Task;
import dev.pillion.sidecar.upstream.ByteBudget;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Plays scenarios: the same crowd, weather and dice for every way of routing. */
public final class Rehearsal {
    private static final long MAX_REPLY_BYTES = 1 << 20;
    private static final long DEADLINE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Cast cast;
    private final long seed;
    private final double rate;
    private final double seconds;
    private final LocalDate pricesChange;
    private final Surface client;
    private final Outline outline;
    private final ChatRequest request;
    private final Dialect dialect;

    /**
     * @param rate requests a second
     * @param seconds how long they come
     * @param pricesChange the day that begins half-way
     */
    public Rehearsal(Cast cast, long seed, double rate, double seconds, LocalDate pricesChange) {
        this.cast = cast;
        this.seed = seed;
        this.rate = rate;
        this.seconds = seconds;
        this.pricesChange = pricesChange;
        String body =
                """
                {"class":"%s","stream":true,"messages":[{"role":"user","content":"How is it?"}]}\
                """
                        .formatted(cast.modelClass().wire());
        this.client =
                new Surface("/v1/generate", Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
        if (!(Dialects.of("generate") instanceof Dialect uniform)) {
            throw new IllegalStateException("the uniform surface does not answer");
        }
        this.dialect = uniform;
        this.outline = uniform.outline(client);
        this.request = uniform.decode(client);
    }

    /** Who routes. */
    public enum Way {
        /** Pillion, by the weights that the configuration gives, or by its order. */
        CONFIGURED,
        BALANCED,
        CHEAPEST_FIRST,
        FASTEST_FIRST,
        FIXED_ORDER,
        ROUND_ROBIN,
        LEAST_LATENCY,
        CHEAPEST,
        TWO_CHOICES
    }

    /** One way through one scenario. */
    public Report play(Scenario scenario, Way way) {
        RoutingConfig.Weights weights =
                switch (way) {
                    case BALANCED, CHEAPEST_FIRST, FASTEST_FIRST -> RoutingConfig.Weights.EVEN;
                    default -> null;
                };
        Snapshot snapshot = cast.snapshot(scenario, pricesChange, weights);
        List<Actor> actors = cast.actors(snapshot, scenario, rate, seconds);
        var begins =
                pricesChange
                        .atStartOfDay()
                        .toInstant(ZoneOffset.UTC)
                        .minusMillis((long) (seconds * 500));
        var stage = new Stage(new Dice(seed), actors, begins);
        var random = new SplittableRandom(seed);
        List<Turn> turns = scenario.crowd(rate, seconds).turns(random.split());
        var report = new Report(scenario, way, actors, seconds);
        var play = new Play(stage, snapshot, way, random, report);
        play.expect(turns, 0);
        stage.loop().run();
        return report;
    }

    /** One play: everything in it is made afresh. */
    private final class Play {
        private final Stage stage;
        private final Snapshot snapshot;
        private final Health health;
        private final Router router;
        private final Prefer prefer;
        private final SplittableRandom random;
        private final Homes homes = new Homes();
        private final Habits habits;
        private final ByteBudget budget = new ByteBudget(1L << 40);
        private final Report report;

        Play(Stage stage, Snapshot snapshot, Way way, SplittableRandom random, Report report) {
            this.stage = stage;
            this.snapshot = snapshot;
            this.random = random;
            this.report = report;
            this.health = new Health(stage.loop()::nanos, random.split());
            this.habits = new Habits(stage.loop()::nanos);
            this.prefer =
                    switch (way) {
                        case CHEAPEST_FIRST -> Prefer.CHEAPEST;
                        case FASTEST_FIRST -> Prefer.FASTEST;
                        default -> Prefer.BALANCED;
                    };
            this.router = router(way);
        }

        private Router router(Way way) {
            List<Actor> actors = stage.actors();
            return switch (way) {
                case CONFIGURED, BALANCED, CHEAPEST_FIRST, FASTEST_FIRST -> planner(health);
                case FIXED_ORDER -> listed();
                case ROUND_ROBIN -> new Comparators.RoundRobin(listed(), actors);
                case LEAST_LATENCY ->
                        new Comparators.LeastLatency(listed(), actors, stage.loop()::nanos);
                case CHEAPEST -> new Comparators.Cheapest(listed(), actors, stage::instant);
                case TWO_CHOICES ->
                        new Comparators.TwoChoices(
                                listed(), actors, stage.loop()::nanos, random.split());
            };
        }

        private Router planner(Health known) {
            var planner =
                    new Planner(
                            stage::instant,
                            stage.loop()::nanos,
                            random.split(),
                            homes,
                            new TokenEstimator(),
                            known,
                            habits);
            return planner::plan;
        }

        /** Who is able, in the listed order, whatever happened. */
        private Router listed() {
            return planner(new Health(stage.loop()::nanos, random.split()));
        }

        void expect(List<Turn> turns, int next) {
            if (next < turns.size()) {
                Turn turn = turns.get(next);
                stage.loop()
                        .after(
                                turn.arrivalNanos() - stage.loop().nanos(),
                                () -> {
                                    ask(turn);
                                    expect(turns, next + 1);
                                });
            }
        }

        private void ask(Turn turn) {
            Oracle oracle = Oracle.at(turn, stage.actors(), stage.loop().nanos(), stage.instant());
            var story = new Story(stage, turn, done -> report.add(done, oracle));
            Plan plan;
            try {
                plan = router.plan(snapshot, wish(turn));
            } catch (FaultException e) {
                story.refused();
                return;
            }
            new Dispatcher(
                            new Line(stage, story, router),
                            budget,
                            MAX_REPLY_BYTES,
                            random,
                            Runnable::run,
                            homes,
                            health,
                            habits)
                    .start(plan, job(turn), stage.loop(), story);
        }

        private Job job(Turn turn) {
            RoutingConfig.ClassRoute route =
                    snapshot.config().routing().classes().get(cast.modelClass());
            return new Job(
                    new Work.Chat(dialect, new Once<>(() -> request)),
                    client,
                    outline,
                    true,
                    false,
                    true,
                    true,
                    route != null && route.hedge(),
                    turn.arrivalNanos() + DEADLINE_NANOS);
        }

        private Ask wish(Turn turn) {
            return new Ask(
                    Task.ANSWER,
                    null,
                    null,
                    cast.modelClass().wire(),
                    outline.needs(),
                    Set.of(),
                    Set.of(),
                    List::of,
                    List.of(),
                    List.of(),
                    true,
                    null,
                    null,
                    null,
                    false,
                    prefer,
                    new Load(
                            true,
                            turn.guessedTokens(),
                            Long.MAX_VALUE,
                            0,
                            "crowd",
                            Opening.of(turn.conversation(), turn.guessedTokens() * 4)));
        }
    }
}
