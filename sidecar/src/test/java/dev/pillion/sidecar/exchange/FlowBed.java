package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.account.Entry;
import dev.pillion.sidecar.account.LedgerBed;
import dev.pillion.sidecar.account.TokenEstimator;
import dev.pillion.sidecar.admit.Admission;
import dev.pillion.sidecar.admit.Budgets;
import dev.pillion.sidecar.config.ConfigReader;
import dev.pillion.sidecar.config.SecretSource;
import dev.pillion.sidecar.config.Snapshot;
import dev.pillion.sidecar.dispatch.Dispatcher;
import dev.pillion.sidecar.health.Health;
import dev.pillion.sidecar.plan.Habits;
import dev.pillion.sidecar.plan.Homes;
import dev.pillion.sidecar.plan.Planner;
import dev.pillion.sidecar.telemetry.Diagnostics;
import dev.pillion.sidecar.telemetry.RequestLog;
import dev.pillion.sidecar.telemetry.Telemetry;
import dev.pillion.sidecar.upstream.ByteBudget;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/** The whole flow but for the network and the clock: one client, two vendors, time by hand. */
final class FlowBed implements AutoCloseable {
    static final String ANTHROPIC_OK =
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text",\
            "text":"hello from anthropic"}],"stop_reason":"end_turn","stop_sequence":null,\
            "usage":{"input_tokens":10,"output_tokens":5}}\
            """;
    static final String CONFIG =
            """
            version: 1
            providers:
              anthropic: {base_url: "http://a.test", keys: [{id: a1, value: key-a}]}
              second: {speaks: anthropic, base_url: "http://b.test", keys: [{id: b1, value: key-b}]}
            models:
              - {id: anthropic/one, class: balanced, can: [tools, stream, json, json_schema], context: 200000,
                 max_output: 4096, price: {input: 1, output: 2}}
              - {id: second/two, class: balanced, can: [tools, stream, json, json_schema], context: 200000,
                 max_output: 4096, price: {input: 3, output: 4}}
            routing: {classes: {balanced: {order: [anthropic/one, second/two]}}}
            """;

    final FakeLoop loop = new FakeLoop();
    final FakeVendors vendors = new FakeVendors();
    final ByteBudget budget;
    final Budgets budgets;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final Diagnostics told = Diagnostics.lines(_ -> {});
    private final RequestLog log = new RequestLog(lines, told);
    private final LedgerBed account = new LedgerBed();
    private final Flow flow;

    FlowBed() {
        this(CONFIG);
    }

    FlowBed(String config) {
        this(config, 1 << 20, Runnable::run);
    }

    /**
     * With room for so many bytes of bodies; {@code offLoop} runs what must not run on the loop.
     */
    FlowBed(String config, long maxBytes, Executor offLoop) {
        budget = new ByteBudget(maxBytes);
        Instant now = Instant.parse("2026-11-22T00:00:00Z");
        ConfigReader.Result read = ConfigReader.read(config);
        Snapshot snapshot =
                Snapshot.activate(
                                Objects.requireNonNull(
                                        read.config(), () -> read.problems().toString()),
                                new SecretSource(Map.of()),
                                now)
                        .snapshot();
        Snapshot active = Objects.requireNonNull(snapshot);
        InstantSource clock = InstantSource.fixed(now);
        budgets = new Budgets(clock);
        var homes = new Homes();
        var habits = new Habits(loop::nanos);
        var health = new Health(loop::nanos, new SplittableRandom(3));
        var estimator = new TokenEstimator();
        flow =
                new Flow(
                        () -> active,
                        new Admission("test"),
                        budgets,
                        new Planner(
                                clock,
                                loop::nanos,
                                new SplittableRandom(1),
                                homes,
                                estimator,
                                health,
                                habits),
                        new Dispatcher(
                                vendors,
                                budget,
                                maxBytes,
                                new SplittableRandom(2),
                                offLoop,
                                homes,
                                health,
                                habits),
                        offLoop,
                        account.ledger(),
                        new Telemetry(log, told, _ -> false),
                        estimator,
                        clock);
    }

    /** Sends the body to the uniform surface. */
    FakeClient generate(String body, String... headers) {
        return post("/v1/generate", body, headers);
    }

    FakeClient post(String path, String body, String... headers) {
        var client = new FakeClient(loop);
        int query = path.indexOf('?');
        var in =
                new Inbound(
                        "id-1",
                        Door.DATA_SOCKET,
                        new Peer(1000, 1000, 1),
                        "POST",
                        query < 0 ? path : path.substring(0, query),
                        query < 0 ? null : path.substring(query + 1),
                        Headers.of(headers),
                        body.getBytes(StandardCharsets.UTF_8),
                        loop.nanos(),
                        0,
                        loop.nanos());
        flow.handle(in, client);
        loop.settle();
        return client;
    }

    /** What is in the ledger. */
    List<Entry> booked() {
        return account.entries();
    }

    /** The request log's lines, once the writer is done. */
    String log() {
        log.close();
        return lines.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        log.close();
        account.close();
    }

    /** One event of Anthropic's stream. */
    static String event(String json) {
        int from = json.indexOf("\"type\":\"") + 8;
        String name = json.substring(from, json.indexOf('"', from));
        return "event: " + name + "\ndata: " + json + "\n\n";
    }

    static final String START =
            event(
                    "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}");
    static final String BLOCK =
            event(
                    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
    static final String HELLO =
            event(
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hello\"}}");
    static final String END =
            event("{\"type\":\"content_block_stop\",\"index\":0}")
                    + event(
                            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}}")
                    + event("{\"type\":\"message_stop\"}");
}
