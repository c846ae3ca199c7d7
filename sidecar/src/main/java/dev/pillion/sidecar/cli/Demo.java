package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;

/** The scenes of the demo: each a real request through the socket, shown with what came back. */
final class Demo {
    private static final String WEATHER = "4 °C, light rain";

    private final DemoStage stage;
    private final DemoCalls calls;
    private final DemoReport report;

    Demo(DemoStage stage, DemoReport report) {
        this.stage = stage;
        this.calls = new DemoCalls(stage);
        this.report = report;
    }

    /** Plays all scenes; the number of those that failed. */
    int play() {
        report.line(
                "Pillion demo: a daemon on a Unix socket, and behind it the simulated vendors "
                        + String.join(", ", stage.vendors())
                        + ".");
        plain();
        stream();
        schema();
        report.title("Web search by the vendor's own tool, with citations, at each vendor");
        stage.vendors().forEach(this::search);
        loop();
        loops();
        return report.end();
    }

    private void plain() {
        report.title("A plain answer");
        ObjectNode request = ask("What does a sidecar carry?").put("class", "balanced");
        report.scene("A plain answer", request, calls.send(request));
    }

    private void stream() {
        ObjectNode request = ask("Tell me something short about gateways.").put("class", "fast");
        ObjectNode folded = calls.stream(request.put("stream", true));
        String title = "A stream, in " + folded.path("pieces").asInt() + " pieces";
        report.title(title);
        report.scene(title, request, folded);
    }

    private void schema() {
        report.title("An answer by a JSON Schema");
        ObjectNode request = ask("Name a city and its number of inhabitants.");
        ObjectNode schema = request.putObject("output").putObject("schema").put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("city").put("type", "string");
        properties.putObject("inhabitants").put("type", "integer");
        schema.putArray("required").add("city").add("inhabitants");
        schema.put("additionalProperties", false);
        report.scene("An answer by a JSON Schema", request, calls.send(request));
    }

    private void search(String vendor) {
        ObjectNode request = ask("What is new in the city of Zürich?");
        request.putObject("websearch").put("via", "native");
        request.putObject("route").putArray("only").add(vendor);
        ObjectNode answer = calls.send(request);
        report.scene("A web search at " + vendor, request, answer);
        report.citations(answer);
    }

    /** A loop from its call to the end, turn by turn. */
    private void loop() {
        String first = stage.vendors().getFirst();
        String second = stage.next(first);
        report.title(
                "A tool loop in flight: %s makes the call, loses its plug, and %s answers"
                        .formatted(first, second));
        ObjectNode request = weather(first);
        ObjectNode called = calls.send(request);
        report.scene("A tool call at " + first, request, called);
        report.line(
                "   "
                        + DemoReport.sealed(called)
                        + " sealed, for "
                        + first
                        + " alone to read again");
        stage.unplug(first);
        ObjectNode answer = answerTheCall(request, called, first);
        report.line("   the plug of " + first + " is pulled");
        report.scene("Its result, answered by " + second, request, answer);
        failedOver(answer, second);
        stage.plugIn(first);
        ObjectNode thanks = goOn(request, answer, first);
        report.line("   " + first + " is plugged in again, and takes the history of both");
        report.scene("The next turn at " + first + " again", request, thanks);
    }

    /** The same, from every other vendor to the one after it, a line each. */
    private void loops() {
        report.title("The same from each of the others to the next");
        for (String first : stage.vendors().subList(1, stage.vendors().size())) {
            String second = stage.next(first);
            ObjectNode request = weather(first);
            ObjectNode called = calls.send(request);
            report.keep("A tool call at " + first, request, called);
            stage.unplug(first);
            ObjectNode answer = answerTheCall(request, called, first);
            stage.plugIn(first);
            report.keep("Its result, answered by " + second, request, answer);
            report.handover(called, answer);
            failedOver(answer, second);
        }
    }

    private void failedOver(ObjectNode answer, String wanted) {
        JsonNode route = answer.path("route");
        boolean moved =
                route.path("attempts").size() > 1 && route.path("provider").asText().equals(wanted);
        if (!moved && !answer.path("error").isObject()) {
            report.fail("there was no failover to " + wanted);
        }
    }

    private ObjectNode weather(String vendor) {
        ObjectNode request = ask("call get_weather for the city of Oslo");
        request.put("model", stage.model(vendor));
        request.putObject("thinking").put("effort", "medium");
        ObjectNode tool = request.putArray("tools").addObject();
        tool.put("name", "get_weather").put("description", "The weather of a city");
        ObjectNode parameters = tool.putObject("parameters").put("type", "object");
        parameters.putObject("properties").putObject("city").put("type", "string");
        parameters.putArray("required").add("city");
        return request;
    }

    /** The tool's result after the sealed call, to whoever of the two is there. */
    private ObjectNode answerTheCall(ObjectNode request, ObjectNode called, String vendor) {
        ArrayNode messages = (ArrayNode) request.path("messages");
        messages.addObject().put("role", "assistant").set("content", called.path("content"));
        ArrayNode results = messages.addObject().put("role", "tool").putArray("content");
        for (JsonNode part : called.path("content")) {
            if (part.path("type").asText().equals("tool_call")) {
                results.addObject()
                        .put("type", "tool_result")
                        .put("tool_call_id", part.path("id").asText())
                        .put("content", WEATHER);
            }
        }
        return calls.send(request.put("model", DemoStage.alias(vendor)));
    }

    private ObjectNode goOn(ObjectNode request, ObjectNode answer, String vendor) {
        ArrayNode messages = (ArrayNode) request.path("messages");
        messages.addObject().put("role", "assistant").set("content", answer.path("content"));
        messages.addObject().put("role", "user").put("content", "Thank you.");
        return calls.send(request.put("model", stage.model(vendor)));
    }

    private static ObjectNode ask(String text) {
        ObjectNode request = Json.object();
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }
}
