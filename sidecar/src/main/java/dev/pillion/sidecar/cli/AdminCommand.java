package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.sidecar.account.GroupBy;
import dev.pillion.sidecar.account.LedgerReader;
import dev.pillion.sidecar.account.Period;
import dev.pillion.sidecar.account.UsageReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code pillion admin}: looks after a running daemon by its admin socket. */
@Command(
        name = "admin",
        description = "Looks after a running daemon.",
        subcommands = ExplainCommand.class,
        mixinStandardHelpOptions = true)
final class AdminCommand implements Runnable {
    /** What a command prints; CSV where there are rows. */
    private enum Format {
        TABLE,
        JSON,
        CSV
    }

    @Spec private CommandSpec spec;

    @Option(
            names = "--admin-socket",
            description = "The daemon's admin socket.",
            scope = ScopeType.INHERIT)
    private @Nullable Path adminSocket;

    @Option(
            names = "--output",
            description = "table or json; of usage also csv.",
            defaultValue = "table",
            scope = ScopeType.INHERIT)
    private Format output = Format.TABLE;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "pillion admin: a command is missing (status, routes, explain, health, usage,"
                        + " limits, reload, version)");
    }

    @Command(name = "status", description = "How the daemon is.")
    int status() {
        return print(call("GET", "/status"));
    }

    @Command(name = "usage", description = "What was used and spent, by the ledger.")
    int usage(
            @Option(
                            names = "--by",
                            defaultValue = "caller",
                            description =
                                    "caller, model, provider, key, tag:NAME, hour or day; several"
                                            + " with commas (default: ${DEFAULT-VALUE}).")
                    String by,
            @Option(
                            names = "--since",
                            description =
                                    "A time (2026-11-22T14:00:00Z), a day (2026-11-22, today,"
                                            + " yesterday: its beginning, UTC) or how long ago"
                                            + " (30m, 24h, 7d); default: since ever.")
                    @Nullable String since,
            @Option(names = "--until", description = "Likewise (default: now).")
                    @Nullable String until,
            @Option(
                            names = "--ledger",
                            paramLabel = "DIR",
                            description =
                                    "Reads that ledger itself, where no daemon runs: the directory"
                                            + " 'ledger' of a state directory.")
                    @Nullable Path ledger) {
        if (ledger != null) {
            return usageOf(ledger, by, since, until);
        }
        String query = "by=" + encoded(by) + field("since", since) + field("until", until);
        SocketClient.Answer answer = call("GET", "/usage?" + query);
        return print(answer, this::usage);
    }

    /** Without a daemon: the files are there for anyone who may read them. */
    private int usageOf(Path directory, String by, @Nullable String since, @Nullable String until) {
        try {
            var report = new UsageReport(GroupBy.parse(by));
            Period period = Period.parse(since, until, Instant.now());
            var ledger = new LedgerReader(directory);
            return show(report.json(ledger.read(period, report::add)), this::usage);
        } catch (IllegalArgumentException e) {
            throw new Exit.Failure(Exit.USAGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Exit.Failure(Exit.FAILED, "the ledger can't be read: " + e.getMessage());
        }
    }

    private static String field(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + encoded(value);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private void usage(JsonNode report, PrintWriter out) {
        for (JsonNode line : report.path("incomplete")) {
            spec.commandLine().getErr().println("pillion: incomplete: " + line.asText());
        }
        var table = new UsageTable(report);
        if (output == Format.CSV) {
            table.printCsv(out);
        } else {
            table.print(out);
        }
    }

    @Command(name = "limits", description = "The callers' budgets, and what is spent of them.")
    int limits() {
        requireNoCsv();
        return print(call("GET", "/limits"), LimitsTable::print);
    }

    @Command(
            name = "routes",
            description =
                    "Classes and aliases, with whom a plain request (1,000 tokens in, streamed)"
                            + " would ask now, in that order.")
    int routes() {
        requireNoCsv();
        return print(call("GET", "/routes"), RoutesTable::print);
    }

    @Command(
            name = "health",
            description =
                    "How providers and models have answered of late, and who is left out of"
                            + " routing.")
    int health() {
        requireNoCsv();
        return print(call("GET", "/health"), HealthTable::print);
    }

    @Command(name = "reload", description = "Reads the configuration again.")
    int reload() {
        return print(call("POST", "/reload"));
    }

    @Command(name = "version", description = "The daemon's version.")
    int version() {
        return print(call("GET", "/version"));
    }

    private SocketClient.Answer call(String method, String path) {
        return call(method, path, Map.of(), new byte[0]);
    }

    SocketClient.Answer call(
            String method, String path, Map<String, String> headers, byte[] requestBody) {
        var client = new SocketClient(new Where(System.getenv()).adminSocketToCall(adminSocket));
        return client.send(method, path, headers, requestBody);
    }

    /** Prints how that request is planned; with exit code 1 where nobody can answer it. */
    int explain(SocketClient.Answer answer, String file) {
        JsonNode told;
        try {
            told = body(answer);
        } catch (Exit.Failure e) {
            throw new Exit.Failure(e.code(), file + ": " + e.getMessage());
        }
        show(told, ExplanationTable::print);
        if (told.has("error")) {
            throw new Exit.Failure(Exit.FAILED, told.at("/error/message").asText());
        }
        return Exit.DONE;
    }

    private int print(SocketClient.Answer answer) {
        requireNoCsv();
        return print(answer, (body, out) -> lines("", body, out));
    }

    void requireNoCsv() {
        if (output == Format.CSV) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--output csv: only usage has rows (expected: table, json)");
        }
    }

    private int print(SocketClient.Answer answer, BiConsumer<JsonNode, PrintWriter> table) {
        return show(body(answer), table);
    }

    private static JsonNode body(SocketClient.Answer answer) {
        JsonNode body;
        try (answer) {
            body = Json.read(answer.bytes());
        } catch (MalformedJson e) {
            throw new Exit.Failure(
                    Exit.FAILED, "the daemon's answer is not JSON: " + e.getMessage());
        }
        if (answer.status() != 200) {
            int code = answer.status() == 400 ? Exit.USAGE : Exit.FAILED;
            throw new Exit.Failure(code, body.path("error").path("message").asText());
        }
        return body;
    }

    private int show(JsonNode body, BiConsumer<JsonNode, PrintWriter> table) {
        PrintWriter out = spec.commandLine().getOut();
        if (output == Format.JSON) {
            out.println(Json.text(body));
        } else {
            table.accept(body, out);
        }
        out.flush();
        return Exit.DONE;
    }

    /** Name and value, one a line; nested names joined by dots. */
    private static void lines(String name, JsonNode node, PrintWriter out) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field ->
                            lines(
                                    name.isEmpty() ? field.getKey() : name + "." + field.getKey(),
                                    field.getValue(),
                                    out));
        } else if (node.isArray()) {
            for (JsonNode each : node) {
                lines(name, each, out);
            }
        } else {
            out.printf("%-28s %s%n", name, node.asText());
        }
    }
}
