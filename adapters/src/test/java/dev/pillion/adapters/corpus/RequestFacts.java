package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a request says, in order, as lines: texts with who says them, pictures, calls, results,
 * tools with their schemas, the form of the answer. Read from Chat Completions or from Responses,
 * so that a request can be compared with its translation.
 */
public final class RequestFacts {
    private final List<String> lines = new ArrayList<>();

    private RequestFacts() {}

    /** Of a body of Chat Completions. */
    public static List<String> ofChat(JsonNode body) {
        var facts = new RequestFacts();
        for (JsonNode message : body.path("messages")) {
            facts.chatMessage(message);
        }
        for (JsonNode tool : body.path("tools")) {
            facts.tool(tool.path(tool.path("type").asText("function")));
        }
        body.path("functions").forEach(facts::tool);
        if (body.hasNonNull("web_search_options")) {
            facts.lines.add("tool that searches");
        }
        JsonNode choice = first(body, "tool_choice", "function_call");
        facts.choice(choice.has("function") ? choice.path("function") : choice);
        JsonNode format = body.path("response_format");
        facts.format(format.path("type"), format.path("json_schema"));
        facts.common(body, body.path("reasoning_effort"));
        facts.add("most", first(body, "max_completion_tokens", "max_tokens"));
        return facts.lines;
    }

    /** Of a body of Responses. */
    public static List<String> ofResponses(JsonNode body) {
        var facts = new RequestFacts();
        facts.say("system", text(body.path("instructions")));
        if (body.path("input").isTextual()) {
            facts.say("user", body.path("input").asText());
        }
        for (JsonNode item : body.path("input")) {
            facts.item(item);
        }
        JsonNode choice = body.path("tool_choice");
        boolean some = choice.path("type").asText().equals("allowed_tools");
        for (JsonNode tool : body.path("tools")) {
            // A choice among some is as good as offering only those.
            if (!some || names(choice).contains(tool.path("name").asText())) {
                facts.tool(tool);
            }
        }
        facts.choice(some ? choice.path("mode") : choice);
        JsonNode format = body.path("text").path("format");
        facts.format(format.path("type"), format);
        facts.common(body, body.path("reasoning").path("effort"));
        facts.add("most", body.path("max_output_tokens"));
        return facts.lines;
    }

    private static List<String> names(JsonNode choice) {
        List<String> names = new ArrayList<>();
        choice.path("tools").forEach(tool -> names.add(tool.path("name").asText()));
        return names;
    }

    private void chatMessage(JsonNode message) {
        String role = message.path("role").asText();
        if (role.equals("tool")) {
            lines.add("result of " + message.path("tool_call_id").asText());
            content("result", message.path("content"));
            return;
        }
        content(role.equals("developer") ? "system" : role, message.path("content"));
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            call(call.path("id"), function);
        }
    }

    private void item(JsonNode item) {
        switch (item.path("type").asText("message")) {
            case "function_call" -> call(item.path("call_id"), item);
            case "function_call_output" -> {
                lines.add("result of " + item.path("call_id").asText());
                content("result", item.path("output"));
            }
            case "message" -> {
                String role = item.path("role").asText();
                content(role.equals("developer") ? "system" : role, item.path("content"));
            }
            case "reasoning" -> {} // Bound to the vendor that thought.
            case "web_search_call",
                    "file_search_call",
                    "code_interpreter_call",
                    "image_generation_call",
                    "mcp_call",
                    "mcp_list_tools" -> {} // What a vendor's own tools did stays with it.
            default -> lines.add(item.toString());
        }
    }

    private void content(String role, JsonNode content) {
        if (content.isTextual()) {
            say(role, content.asText());
        }
        for (JsonNode part : content) {
            switch (part.path("type").asText()) {
                case "text", "input_text", "output_text" -> say(role, part.path("text").asText());
                case "image_url" -> picture(part.path("image_url"));
                case "input_image" -> picture(part.path("image_url"));
                case "file" -> file(part.path("file"));
                case "input_file" -> file(part);
                default -> lines.add(part.toString());
            }
        }
    }

    /** Texts of one role that follow each other are one text: formats cut them differently. */
    private void say(String role, String text) {
        String head = role + ": ";
        if (text.isEmpty()) {
            return;
        }
        if (!lines.isEmpty() && lines.getLast().startsWith(head) && !role.equals("result")) {
            lines.set(lines.size() - 1, lines.getLast() + text);
        } else {
            lines.add(head + text);
        }
    }

    private void picture(JsonNode address) {
        JsonNode url = address.isObject() ? address.path("url") : address;
        lines.add("picture " + url.asText());
    }

    private void file(JsonNode file) {
        for (String field : new String[] {"file_data", "file_url", "file_id"}) {
            if (file.hasNonNull(field)) {
                lines.add("file " + file.path(field).asText());
            }
        }
    }

    private void call(JsonNode id, JsonNode function) {
        String arguments = function.path("arguments").asText("");
        lines.add(
                "call "
                        + id.asText()
                        + " "
                        + function.path("name").asText()
                        + " "
                        + (arguments.isEmpty() ? "{}" : arguments));
    }

    private void tool(JsonNode function) {
        if (function.path("type").asText().startsWith("web_search")) {
            lines.add("tool that searches");
            return;
        }
        JsonNode parameters = function.path("parameters");
        boolean none =
                parameters.path("properties").isEmpty() && parameters.path("$defs").isEmpty();
        lines.add(
                "tool "
                        + function.path("name").asText()
                        + " "
                        + text(function.path("description"))
                        + " "
                        + (none ? "{}" : parameters));
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.asText() : "";
    }

    private void choice(JsonNode choice) {
        boolean said = choice.isTextual() || choice.has("name");
        String name =
                choice.isTextual() ? choice.asText() : "named " + choice.path("name").asText();
        if (said && !name.equals("auto")) {
            lines.add("choice " + name);
        }
    }

    private void format(JsonNode type, JsonNode schema) {
        if (type.isTextual() && !type.asText().equals("text")) {
            lines.add("format " + type.asText() + " " + schema.path("schema"));
        }
    }

    private void common(JsonNode body, JsonNode effort) {
        for (String field : new String[] {"temperature", "top_p", "seed", "user"}) {
            add(field, body.path(field));
        }
        add("effort", effort);
        if (body.has("tools") || body.has("functions")) {
            add("parallel", body.path("parallel_tool_calls"));
        }
        add("stream", body.path("stream").asBoolean() ? body.path("stream") : body.path("-"));
    }

    private void add(String name, JsonNode value) {
        if (value.isNumber()) {
            lines.add(name + " " + value.decimalValue().stripTrailingZeros().toPlainString());
        } else if (value.isValueNode() && !value.isNull()) {
            lines.add(name + " " + value.asText().toLowerCase(Locale.ROOT));
        }
    }

    private static JsonNode first(JsonNode body, String one, String other) {
        return body.hasNonNull(one) ? body.path(one) : body.path(other);
    }
}
