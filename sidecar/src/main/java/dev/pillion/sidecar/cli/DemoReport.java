package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import java.io.PrintWriter;
import java.math.BigDecimal;

/** What the demo shows: lines for people as it goes on, or one JSON document at its end. */
final class DemoReport {
    private static final int MAX_SHOWN_CHARS = 160;
    private static final int MAX_SHOWN_CITATIONS = 2;

    private final PrintWriter out;
    private final Output output;
    private final ArrayNode scenes = Json.nodes().arrayNode();
    private BigDecimal usd = BigDecimal.ZERO;
    private int failed;

    /** The question shown last under this title: who else is asked the same need not repeat it. */
    private String asked = "";

    DemoReport(PrintWriter out, Output output) {
        this.out = out;
        this.output = output;
    }

    void line(String line) {
        if (output == Output.TABLE) {
            out.println(line);
            out.flush();
        }
    }

    void title(String title) {
        asked = "";
        line("\n" + title);
    }

    /** Keeps a scene and shows it in full: question, answer, attempts, route and cost. */
    void scene(String title, ObjectNode request, ObjectNode answer) {
        String question = question(request);
        if (!question.equals(asked)) {
            line("   > " + question);
            asked = question;
        }
        if (!keep(title, request, answer)) {
            return;
        }
        line("   " + shortened(Answers.text(answer.path("content"))));
        failures(answer);
        line("   " + Answers.footer(answer) + ", " + answer.path("ms").asLong() + " ms");
    }

    /** Keeps a scene without showing it; whether it worked. */
    boolean keep(String title, ObjectNode request, ObjectNode answer) {
        ObjectNode scene = scenes.addObject().put("title", title);
        scene.set("request", request.deepCopy());
        scene.set("answer", answer);
        JsonNode error = answer.path("error");
        if (error.isObject()) {
            fail(error.path("kind").asText() + ": " + error.path("message").asText());
            return false;
        }
        usd = usd.add(cost(answer));
        return true;
    }

    private void failures(ObjectNode answer) {
        for (JsonNode attempt : answer.path("route").path("attempts")) {
            if (!attempt.path("outcome").asText().equals("ok")) {
                line("     " + name(attempt) + ": " + attempt.path("outcome").asText());
            }
        }
    }

    /** Two turns of a loop in one line: who called, who answered, for how much. */
    void handover(ObjectNode called, ObjectNode answer) {
        if (called.path("error").isObject() || answer.path("error").isObject()) {
            return;
        }
        long millis = called.path("ms").asLong() + answer.path("ms").asLong();
        line(
                "   %s called (%s sealed), lost its plug, and %s answered: %s, $%s, %d ms"
                        .formatted(
                                name(called.path("route")),
                                sealed(called),
                                name(answer.path("route")),
                                Answers.attempts(answer.path("route").path("attempts")),
                                cost(called).add(cost(answer)).toPlainString(),
                                millis));
    }

    /** The first citations, by code points of the text that they are about. */
    void citations(ObjectNode answer) {
        int shown = 0;
        for (JsonNode part : answer.path("content")) {
            for (JsonNode citation : part.path("citations")) {
                if (shown++ < MAX_SHOWN_CITATIONS) {
                    line(
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

    void fail(String why) {
        failed++;
        line("   FAILED: " + why);
    }

    /** Says how it went; the number of what failed. */
    int end() {
        if (output == Output.JSON) {
            ObjectNode all = Json.object().put("ok", failed == 0);
            all.set("scenes", scenes);
            out.println(Json.text(all));
        } else {
            String cost = scenes.size() + " answers, $" + usd.toPlainString() + " at list prices.";
            line(
                    failed == 0
                            ? "\nAll of it worked: " + cost
                            : "\n" + failed + " FAILED of " + cost);
        }
        return failed;
    }

    /** How many parts of an answer carry a vendor's seal, in words. */
    static String sealed(ObjectNode answer) {
        int count = 0;
        for (JsonNode part : answer.path("content")) {
            count += part.has("seal") ? 1 : 0;
        }
        return count == 1 ? "1 part" : count + " parts";
    }

    private static String name(JsonNode route) {
        return route.path("provider").asText() + "/" + route.path("model").asText();
    }

    private static BigDecimal cost(ObjectNode answer) {
        JsonNode usd = answer.path("cost").path("usd");
        return usd.isTextual() ? new BigDecimal(usd.textValue()) : BigDecimal.ZERO;
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
}
