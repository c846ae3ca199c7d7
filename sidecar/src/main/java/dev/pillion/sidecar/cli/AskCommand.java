package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pillion ask}: one question to the daemon, on its uniform interface. */
@Command(
        name = "ask",
        description = "Asks the daemon one question and prints the answer.",
        mixinStandardHelpOptions = true)
final class AskCommand implements Callable<Integer> {
    private static final int MAX_FRAME_BYTES = 32 << 20;

    @Spec private CommandSpec spec;

    @Parameters(arity = "1", paramLabel = "TEXT", description = "What to ask.")
    private String text = "";

    @Option(names = "--class", description = "fast, balanced or frontier.")
    private @Nullable String modelClass;

    @Option(names = "--model", description = "A model's id or an alias, in place of a class.")
    private @Nullable String model;

    @Option(names = "--websearch", description = "Let the model search the web.")
    private boolean webSearch;

    @Option(
            names = "--json",
            paramLabel = "SCHEMA",
            description = "Answer in JSON: a JSON Schema, or @FILE with one.")
    private @Nullable String schema;

    @Option(names = "--stream", description = "Print the answer as it comes.")
    private boolean stream;

    @Option(
            names = "--explain",
            description =
                    "Say how the request was planned, and what came of it; with --stream after the"
                            + " answer.")
    private boolean explain;

    @Option(names = "--max-tokens", description = "The answer's bound.")
    private @Nullable Integer maxTokens;

    @Option(names = "--socket", description = "The daemon's data socket.")
    private @Nullable Path socket;

    @Option(names = "--output", description = "table or json.", defaultValue = "table")
    private Output output = Output.TABLE;

    @Override
    public Integer call() {
        var client = new SocketClient(new Where(System.getenv()).socketToCall(socket));
        byte[] body = Json.bytes(request());
        Map<String, String> headers = Map.of("content-type", "application/json");
        try (SocketClient.Answer answer = client.send("POST", "/v1/generate", headers, body)) {
            String type = answer.header("content-type");
            boolean events = type != null && type.startsWith("text/event-stream");
            return events ? streamed(answer) : whole(answer);
        }
    }

    private ObjectNode request() {
        ObjectNode request = Json.object();
        if (model != null) {
            request.put("model", model);
        } else if (modelClass != null) {
            request.put("class", modelClass);
        }
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        if (webSearch) {
            request.putObject("websearch");
        }
        if (schema != null) {
            request.withObject("/output").set("schema", schema(schema));
        }
        if (maxTokens != null) {
            request.withObject("/output").put("max_tokens", maxTokens);
        }
        if (explain) {
            request.putObject("route").put("explain", true);
        }
        request.put("stream", stream);
        return request;
    }

    private static JsonNode schema(String given) {
        try {
            byte[] json =
                    given.startsWith("@")
                            ? Files.readAllBytes(Path.of(given.substring(1)))
                            : given.getBytes(StandardCharsets.UTF_8);
            return Json.read(json);
        } catch (IOException e) {
            throw new Exit.Failure(2, "--json: can't read " + given.substring(1));
        } catch (MalformedJson e) {
            throw new Exit.Failure(2, "--json: not a JSON Schema: " + e.getMessage());
        }
    }

    private int whole(SocketClient.Answer answer) {
        JsonNode body = parse(answer.bytes());
        if (answer.status() != 200) {
            return failed(body);
        }
        if (output == Output.JSON) {
            out().println(Json.text(body));
        } else {
            plan(body.path("route"));
            out().println(Answers.text(body.path("content")));
            out().println(Answers.sources(body));
            out().println(Answers.footer(body));
            tried(body.path("route"));
        }
        out().flush();
        return Exit.DONE;
    }

    /** How it was planned, where that was asked for. */
    private void plan(JsonNode told) {
        if (told.has("explanation")) {
            ExplanationTable.print(told.path("explanation"), out());
            out().println();
        }
    }

    /** What came of the plan: every attempt with its end. */
    private void tried(JsonNode told) {
        if (explain) {
            told.path("attempts").forEach(attempt -> out().println(Answers.attempt(attempt)));
            out().flush();
        }
    }

    private int streamed(SocketClient.Answer answer) {
        var shown = new Shown();
        var reader = new SseReader(MAX_FRAME_BYTES);
        byte[] piece = new byte[8192];
        try {
            for (int n = answer.body().read(piece); n >= 0; n = answer.body().read(piece)) {
                reader.read(
                        ByteBuffer.wrap(piece, 0, n),
                        frame -> shown.event(parse(frame.data().getBytes(StandardCharsets.UTF_8))));
                out().flush();
            }
        } catch (IOException e) {
            throw new Exit.Failure(Exit.FAILED, "the stream was cut: " + e.getMessage());
        } catch (SseReader.FrameTooLarge e) {
            throw new Exit.Failure(Exit.FAILED, String.valueOf(e.getMessage()));
        }
        return shown.end();
    }

    private int failed(JsonNode body) {
        if (output == Output.JSON) {
            out().println(Json.text(body));
            out().flush();
        }
        JsonNode error = body.path("error");
        if (output == Output.TABLE) {
            plan(error);
            tried(error);
        }
        spec.commandLine()
                .getErr()
                .println(
                        "pillion: "
                                + error.path("kind").asText("error")
                                + ": "
                                + error.path("message").asText());
        return Exit.FAILED;
    }

    private static JsonNode parse(byte[] json) {
        try {
            return Json.read(json);
        } catch (MalformedJson e) {
            throw new Exit.Failure(
                    Exit.FAILED, "the daemon's answer is not JSON: " + e.getMessage());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Prints a stream as it comes. */
    private final class Shown {
        private @Nullable Integer code;

        void event(JsonNode event) {
            if (output == Output.JSON) {
                out().println(Json.text(event));
            }
            switch (event.path("type").asText()) {
                case "text" -> print(event.path("delta").asText());
                case "done" -> {
                    code = Exit.DONE;
                    print("\n" + Answers.sources(event) + "\n" + Answers.footer(event) + "\n");
                    if (output == Output.TABLE) {
                        tried(event.path("route"));
                        out().println();
                        plan(event.path("route"));
                    }
                }
                case "error" -> code = failed(event);
                default -> {}
            }
        }

        private void print(String words) {
            if (output == Output.TABLE) {
                out().print(words);
            }
        }

        int end() {
            if (code == null) {
                throw new Exit.Failure(Exit.FAILED, "the stream ended without its last event");
            }
            return code;
        }
    }
}
