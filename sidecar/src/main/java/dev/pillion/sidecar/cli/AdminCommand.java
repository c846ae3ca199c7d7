package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
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
        mixinStandardHelpOptions = true)
final class AdminCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Option(
            names = "--admin-socket",
            description = "The daemon's admin socket.",
            scope = ScopeType.INHERIT)
    private @Nullable Path adminSocket;

    @Option(
            names = "--output",
            description = "table or json.",
            defaultValue = "table",
            scope = ScopeType.INHERIT)
    private Output output = Output.TABLE;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "pillion admin: a command is missing (status, reload, version)");
    }

    @Command(name = "status", description = "How the daemon is.")
    int status() {
        return print(call("GET", "/status"));
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
        var client = new SocketClient(new Where(System.getenv()).adminSocketToCall(adminSocket));
        return client.send(method, path, Map.of(), new byte[0]);
    }

    private int print(SocketClient.Answer answer) {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode body;
        try (answer) {
            body = Json.read(answer.bytes());
        } catch (MalformedJson e) {
            throw new Exit.Failure(
                    Exit.FAILED, "the daemon's answer is not JSON: " + e.getMessage());
        }
        if (answer.status() != 200) {
            throw new Exit.Failure(Exit.FAILED, body.path("error").path("message").asText());
        }
        if (output == Output.JSON) {
            out.println(Json.text(body));
        } else {
            lines("", body, out);
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
