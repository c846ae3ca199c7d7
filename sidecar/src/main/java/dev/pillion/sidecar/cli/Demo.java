package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import dev.pillion.protocol.wire.SseReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The scenes of the demo: each a real request through the socket, shown with what came back. */
final class Demo {
    private static final int MAX_FRAME_BYTES = 1 << 20;
    private static final int MAX_SHOWN_CHARS = 220;

    private final DemoStage stage;
    private final PrintWriter out;
    private final Output output;
    private final ArrayNode scenes = Json.nodes().arrayNode();
    private int failed;

    Demo(DemoStage stage, PrintWriter out, Output output) {
        this.stage = stage;
        this.out = out;
        this.output = output;
    }

    /** Plays all scenes; the number of those that failed. */
    int play() {
        show("Pillion demo: a daemon on a Unix socket, and two simulated vendors behind it.");
        plain();
        stream();
        tools();
        schema();
        search();
        failover();
        if (output == Output.JSON) {
            ObjectNode all = Json.object().put("ok", failed == 0);
            all.set("scenes", scenes);
            out.println(Json.text(all));
        } else {
            show(failed == 0 ? "\nAll six scenes worked." : "\n" + failed + " scenes failed.");
        }
        return failed;
    }

    private void plain() {
        ObjectNode request = ask("balanced", "What does a sidecar carry?");
        scene("A plain answer", request, send(request));
    }

    private void stream() {
        ObjectNode request = ask("fast", "Tell me something short about gateways.");
        request.put("stream", true);
        ObjectNode folded = Json.object();
        var text = new StringBuilder();
        int[] pieces = new int[1];
        long began = System.nanoTime();
        events(
                request,
                event -> {
                    switch (event.path("type").asText()) {
                        case "text" -> {
                            pieces[0]++;
                            text.append(event.path("delta").asText());
                        }
                        case "done", "error" -> folded.setAll((ObjectNode) event);
                        default -> {}
                    }
                });
        ObjectNode part = Json.object().put("type", "text").put("text", text.toString());
        folded.putArray("content").add(part);
        folded.put("pieces", pieces[0]);
        folded.put("ms", millisSince(began));
        scene("A stream, in " + pieces[0] + " pieces", request, folded);
    }

    private void tools() {
        ObjectNode request = ask("balanced", "call get_weather for the city of Oslo");
        ObjectNode tool = request.putArray("tools").addObject();
        tool.put("name", "get_weather").put("description", "The weather of a city");
        ObjectNode parameters = tool.putObject("parameters").put("type", "object");
        parameters.putObject("properties").putObject("city").put("type", "string");
        parameters.putArray("required").add("city");
        ObjectNode first = send(request);
        scene("A tool call …", request, first);
        ArrayNode messages = (ArrayNode) request.path("messages");
        messages.addObject().put("role", "assistant").set("content", first.path("content"));
        ObjectNode result = messages.addObject().put("role", "tool");
        ArrayNode results = result.putArray("content");
        for (JsonNode part : first.path("content")) {
            if (part.path("type").asText().equals("tool_call")) {
                results.addObject()
                        .put("type", "tool_result")
                        .put("tool_call_id", part.path("id").asText())
                        .put("content", "4 °C, light rain");
            }
        }
        scene("… and the answer made of its result", request, send(request));
    }

    private void schema() {
        ObjectNode request = ask("balanced", "Name a city and its number of inhabitants.");
        ObjectNode schema = request.putObject("output").putObject("schema").put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("city").put("type", "string");
        properties.putObject("inhabitants").put("type", "integer");
        schema.putArray("required").add("city").add("inhabitants");
        schema.put("additionalProperties", false);
        scene("An answer by a JSON Schema", request, send(request));
    }

    private void search() {
        ObjectNode request = ask("balanced", "What is new in the city of Zürich?");
        request.putObject("websearch").put("max_uses", 2);
        ObjectNode answer = send(request);
        scene("A web search, with citations", request, answer);
        int shown = 0;
        for (JsonNode part : answer.path("content")) {
            for (JsonNode citation : part.path("citations")) {
                if (shown++ < 2) {
                    show(
                            "     cites [%d,%d) \"%s\" → %s"
                                    .formatted(
                                            citation.path("start").asInt(),
                                            citation.path("end").asInt(),
                                            cited(part, citation),
                                            citation.path("url").asText()));
                }
            }
        }
        if (shown == 0) {
            fail("no citation came with the answer");
        }
    }

    private static String cited(JsonNode part, JsonNode citation) {
        String text = part.path("text").asText();
        int start = text.offsetByCodePoints(0, citation.path("start").asInt());
        int end = text.offsetByCodePoints(0, citation.path("end").asInt());
        return shortened(text.substring(start, end));
    }

    private void failover() {
        stage.breakAnthropic();
        ObjectNode request = ask("balanced", "Is anybody there?");
        ObjectNode answer = send(request);
        stage.mendAnthropic();
        scene("A failover: Anthropic's plug is pulled", request, answer);
        if (answer.path("route").path("attempts").size() < 2) {
            fail("there was no failover");
        }
    }

    private static ObjectNode ask(String modelClass, String text) {
        ObjectNode request = Json.object().put("class", modelClass);
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }

    private ObjectNode send(ObjectNode request) {
        long began = System.nanoTime();
        try (SocketClient.Answer answer = post(request)) {
            ObjectNode body = (ObjectNode) parse(answer.bytes());
            return body.put("ms", millisSince(began));
        }
    }

    private SocketClient.Answer post(ObjectNode request) {
        return stage.client()
                .send(
                        "POST",
                        "/v1/generate",
                        Map.of("content-type", "application/json"),
                        Json.bytes(request));
    }

    private void events(ObjectNode request, Consumer<JsonNode> each) {
        var reader = new SseReader(MAX_FRAME_BYTES);
        byte[] piece = new byte[4096];
        try (SocketClient.Answer answer = post(request)) {
            for (int n = answer.body().read(piece); n >= 0; n = answer.body().read(piece)) {
                reader.read(
                        ByteBuffer.wrap(piece, 0, n),
                        frame -> each.accept(parse(frame.data().getBytes(StandardCharsets.UTF_8))));
            }
        } catch (IOException | SseReader.FrameTooLarge e) {
            throw new Exit.Failure(Exit.FAILED, "the stream was cut: " + e.getMessage());
        }
    }

    private static JsonNode parse(byte[] json) {
        try {
            return Json.read(json);
        } catch (MalformedJson e) {
            throw new Exit.Failure(Exit.FAILED, "the answer is not JSON: " + e.getMessage());
        }
    }

    private static long millisSince(long beganNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }

    private void scene(String title, ObjectNode request, ObjectNode answer) {
        ObjectNode scene = scenes.addObject().put("title", title);
        scene.set("request", request.deepCopy());
        scene.set("answer", answer);
        show("\n" + title);
        show("   > " + question(request));
        JsonNode error = answer.path("error");
        if (error.isObject()) {
            fail(error.path("kind").asText() + ": " + error.path("message").asText());
            return;
        }
        show("   " + shortened(Answers.text(answer.path("content"))));
        for (JsonNode attempt : answer.path("route").path("attempts")) {
            if (!attempt.path("outcome").asText().equals("ok")) {
                show(
                        "     %s/%s: %s"
                                .formatted(
                                        attempt.path("provider").asText(),
                                        attempt.path("model").asText(),
                                        attempt.path("outcome").asText()));
            }
        }
        show("   " + Answers.footer(answer) + ", " + answer.path("ms").asLong() + " ms");
    }

    private static String question(ObjectNode request) {
        JsonNode last = request.path("messages").path(request.path("messages").size() - 1);
        JsonNode content = last.path("content");
        return content.isTextual()
                ? content.asText()
                : "(the tool's result) " + content.path(0).path("content").asText();
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_SHOWN_CHARS ? line : line.substring(0, MAX_SHOWN_CHARS) + "…";
    }

    private void fail(String why) {
        failed++;
        show("   FAILED: " + why);
    }

    private void show(String line) {
        if (output == Output.TABLE) {
            out.println(line);
        }
    }
}
