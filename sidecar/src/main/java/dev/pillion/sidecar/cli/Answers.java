package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Answers of the uniform interface as lines for people. */
final class Answers {
    private Answers() {}

    /**
     * The text of the parts, tool calls as one line each. What comes after a vendor's own tool
     * begins a line.
     */
    static String text(JsonNode content) {
        var text = new StringBuilder();
        boolean after = false;
        for (JsonNode part : content) {
            switch (part.path("type").asText()) {
                case "vendor_item" -> after = true;
                case "text" -> {
                    text.append(after && !text.isEmpty() ? "\n" : "");
                    text.append(part.path("text").asText());
                    after = false;
                }
                case "tool_call" ->
                        text.append(text.isEmpty() ? "" : "\n")
                                .append(part.path("name").asText())
                                .append('(')
                                .append(part.path("arguments"))
                                .append(')');
                default -> {}
            }
        }
        return text.toString();
    }

    /** The sources, one a line; empty when there are none. */
    static String sources(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        for (JsonNode source : answer.path("sources")) {
            String title = source.path("title").asText("");
            lines.add(
                    "  [" + (lines.size() + 1) + "] " + title + " " + source.path("url").asText());
        }
        return String.join("\n", lines);
    }

    /** Who answered, after how many attempts, for how much. */
    static String footer(JsonNode answer) {
        JsonNode route = answer.path("route");
        JsonNode usage = answer.path("usage");
        JsonNode usd = answer.path("cost").path("usd");
        String cost = usd.isTextual() ? "$" + usd.asText() : "cost not known";
        return "— "
                + route.path("provider").asText()
                + "/"
                + route.path("model").asText()
                + ", "
                + attempts(route.path("attempts"))
                + ", "
                + usage.path("input_tokens").asLong()
                + " tokens in, "
                + usage.path("output_tokens").asLong()
                + " out, "
                + cost;
    }

    /** One attempt: whom it asked, how it ended and after how long. */
    static String attempt(JsonNode attempt) {
        return "  "
                + attempt.path("provider").asText()
                + "/"
                + attempt.path("model").asText()
                + ": "
                + attempt.path("outcome").asText()
                + " after "
                + attempt.path("ms").asLong()
                + " ms";
    }

    static String attempts(JsonNode attempts) {
        return attempts.size() == 1 ? "1 attempt" : attempts.size() + " attempts";
    }
}
