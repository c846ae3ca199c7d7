package dev.pillion.bench.micro;

import dev.pillion.protocol.chat.Need;
import dev.pillion.protocol.chat.RouteWish;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.config.ConfigReader;
import dev.pillion.sidecar.config.ModelClass;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.SecretSource;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.health.Trial;
import dev.pillion.sidecar.plan.Ask;
import dev.pillion.sidecar.plan.Habits;
import dev.pillion.sidecar.plan.Homes;
import dev.pillion.sidecar.plan.Load;
import dev.pillion.sidecar.plan.Opening;
import dev.pillion.sidecar.plan.Plan;
import dev.pillion.sidecar.plan.Planner;
import dev.pillion.sidecar.plan.Target;
import dev.pillion.sidecar.plan.Task;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Whom a request is sent to, among models of one class at eight providers, all of them known. */
@State(Scope.Benchmark)
@NullUnmarked // JMH fills the fields before it measures
public class Planning extends Measured {
    private static final int PROVIDERS = 8;
    private static final Usage USED = Usage.NONE;

    @Param({"40"})
    public int candidates;

    private Snapshot snapshot;
    private Planner planner;
    private Health health;
    private Habits habits;
    private Ask ask;

    @Setup
    public void prepare() {
        snapshot = snapshot(candidates);
        health = new Health(System::nanoTime, new SplittableRandom(1));
        habits = new Habits(System::nanoTime);
        planner =
                new Planner(
                        InstantSource.system(),
                        System::nanoTime,
                        new SplittableRandom(2),
                        new Homes(),
                        new TokenEstimator(),
                        health,
                        habits);
        ask = ask(Opening.of("bench", Format.CHAT.request(4_096).body()));
        for (ModelConfig model : snapshot.models(ModelClass.FRONTIER)) {
            for (int i = 0; i < 20; i++) {
                answered(model.provider(), model.id());
            }
        }
    }

    /** The plan alone, while nothing is learned. */
    @Benchmark
    public Plan plan() {
        return planner.plan(snapshot, ask);
    }

    /** The plan, and what its first target's answer teaches: the next one meets a change. */
    @Benchmark
    public Plan planAndLearn() {
        Plan plan = planner.plan(snapshot, ask);
        Target first = plan.targets().get(0);
        answered(first.provider(), first.model().id());
        return plan;
    }

    private void answered(String provider, String model) {
        Trial trial = health.of(provider, model).begin(true, ask.load().inputTokens());
        trial.content();
        trial.succeeded(USED.outputTokens());
        habits.answered(ask.load(), model, USED);
    }

    private static Snapshot snapshot(int candidates) {
        var text = new StringBuilder("version: 1\nproviders:\n");
        for (int i = 0; i < PROVIDERS; i++) {
            text.append(
                    """
                      p%d: {speaks: openai, base_url: "http://127.0.0.1:1/v1", keys: [{id: k, value: x}]}
                    """
                            .formatted(i));
        }
        text.append("models:\n");
        for (int i = 0; i < candidates; i++) {
            text.append(
                    """
                      - id: p%d/m%d
                        class: frontier
                        can: [tools, json, stream, parallel_tools]
                        context: 200000
                        max_output: 64000
                        price: {input: %d, output: %d}
                    """
                            .formatted(i % PROVIDERS, i, 1 + i % 5, 5 + i % 7));
        }
        ConfigReader.Result read = ConfigReader.read(text.toString());
        return Objects.requireNonNull(
                Snapshot.activate(
                                Objects.requireNonNull(
                                        read.config(), () -> read.problems().toString()),
                                new SecretSource(Map.of()),
                                Instant.now())
                        .snapshot());
    }

    private static Ask ask(Opening opening) {
        var load = new Load(true, 1_000, 300, 0, "bench class:frontier", opening);
        return new Ask(
                Task.ANSWER,
                "class:frontier",
                null,
                null,
                Set.of(Need.STREAM, Need.TOOLS),
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
                RouteWish.Prefer.BALANCED,
                load);
    }
}
