package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * In which ways two requests to the Responses API differ and mean the same. Written from the
 * format's documentation; knows nothing of the adapter.
 */
public final class ResponsesRules {
    /** The rules that items follow, in requests and in answers sent back. */
    public static final List<Meaning.Rule> ITEMS =
            List.of(
                    new Meaning.Rule(
                            "null is absent",
                            "an optional field that is null has its default",
                            ResponsesRules::dropNulls),
                    new Meaning.Rule("items", "see the requests' rule", ResponsesRules::items));

    /** All rules for requests, in the order of their application. */
    public static final List<Meaning.Rule> REQUEST =
            List.of(
                    new Meaning.Rule(
                            "null is absent",
                            "an optional field that is null has its default",
                            ResponsesRules::dropNulls),
                    new Meaning.Rule(
                            "a gateway's own wishes",
                            "it keeps nothing at the vendor unless asked to, asks for the vendor's"
                                    + " state and sources, and for no padding",
                            ResponsesRules::ownWishes),
                    new Meaning.Rule(
                            "defaults",
                            "stream and background false, no tools and no choice among none, text",
                            ResponsesRules::dropDefaults),
                    new Meaning.Rule(
                            "tools",
                            "a function without parameters takes none",
                            ResponsesRules::tools),
                    new Meaning.Rule(
                            "items",
                            "a string is a text part, of a user where it is all of the input; the"
                                    + " type of a message may be left out; ids and states of items"
                                    + " other than the vendor's own say nothing to a model, nor do"
                                    + " a message of its without a word and the odds of its words",
                            ResponsesRules::items),
                    new Meaning.Rule(
                            "instructions",
                            "instructions beside the input are the first in it; system and"
                                    + " developer are one; those that follow each other at the"
                                    + " beginning are one text",
                            ResponsesRules::instructions));

    private static final Set<String> INSTRUCTION = Set.of("system", "developer");

    private ResponsesRules() {}

    private static void dropNulls(JsonNode node) {
        for (Iterator<JsonNode> values = node.iterator(); values.hasNext(); ) {
            JsonNode value = values.next();
            if (value.isNull() && node.isObject()) {
                values.remove();
            } else {
                dropNulls(value);
            }
        }
    }

    private static void drop(ObjectNode body, String name, String value) {
        if (body.path(name).toString().equals(value)) {
            body.remove(name);
        }
    }

    private static void ownWishes(ObjectNode body) {
        drop(body, "store", "false");
        body.remove("stream_options");
        var include = new TreeSet<String>();
        body.path("include").forEach(each -> include.add(each.asText()));
        include.remove("reasoning.encrypted_content");
        include.remove("web_search_call.action.sources");
        body.remove("include");
        if (!include.isEmpty()) {
            include.forEach(body.putArray("include")::add);
        }
    }

    private static void dropDefaults(ObjectNode body) {
        drop(body, "stream", "false");
        drop(body, "background", "false");
        drop(body, "tools", "[]");
        drop(body, "input", "[]");
        if (!body.has("tools")) {
            body.remove("parallel_tool_calls");
            drop(body, "tool_choice", "\"auto\"");
            drop(body, "tool_choice", "\"none\"");
        }
        if (body.path("text") instanceof ObjectNode text) {
            drop(text, "format", "{\"type\":\"text\"}");
            if (text.path("format") instanceof ObjectNode format) {
                drop(format, "strict", "false");
            }
        }
        drop(body, "text", "{}");
        drop(body, "reasoning", "{}");
    }

    private static void tools(ObjectNode body) {
        for (JsonNode node : body.path("tools")) {
            if (node.path("type").asText().equals("function") && !node.has("parameters")) {
                ((ObjectNode) node)
                        .putObject("parameters")
                        .put("type", "object")
                        .putObject("properties");
            }
        }
    }

    private static void items(ObjectNode body) {
        JsonNode input = body.path("input");
        ArrayNode out = body.arrayNode();
        if (input.isTextual()) {
            out.addObject().put("role", "user").set("content", input);
        }
        input.forEach(out::add);
        for (Iterator<JsonNode> nodes = out.iterator(); nodes.hasNext(); ) {
            ObjectNode item = (ObjectNode) nodes.next();
            item(item);
            if (saysNothing(item)) {
                nodes.remove();
            }
        }
        if (!out.isEmpty()) {
            body.set("input", out);
        }
    }

    private static void item(ObjectNode item) {
        switch (item.path("type").asText("message")) {
            case "message" -> {
                item.remove(List.of("type", "id", "status"));
                boolean model = item.path("role").asText().equals("assistant");
                parts(item, "content", model ? "output_text" : "input_text");
            }
            case "function_call", "custom_tool_call" -> {
                item.remove(List.of("id", "status"));
                drop(item, "arguments", "\"\"");
                if (!item.has("arguments") && !item.has("input")) {
                    item.put("arguments", "{}");
                }
            }
            case "function_call_output", "custom_tool_call_output" -> {
                item.remove(List.of("id", "status"));
                parts(item, "output", "input_text");
            }
            case "reasoning" -> {
                item.remove("status");
                drop(item, "content", "[]");
            }
            default -> {} // The vendor's own: each word of it counts.
        }
    }

    private static boolean saysNothing(ObjectNode item) {
        JsonNode content = item.path("content");
        return item.path("role").asText().equals("assistant")
                && content.size() <= 1
                && content.path(0).path("text").asText("").isEmpty()
                && !content.path(0).has("refusal");
    }

    private static void parts(ObjectNode item, String name, String type) {
        JsonNode content = item.path(name);
        ArrayNode parts = item.arrayNode();
        if (content.isTextual() && !(content.asText().isEmpty() && name.equals("output"))) {
            parts.addObject().set("text", content);
        }
        for (JsonNode part : content) {
            parts.add(part);
        }
        for (JsonNode node : parts) {
            ObjectNode part = (ObjectNode) node;
            if (part.has("text")) {
                part.put("type", type);
            }
            drop(part, "annotations", "[]");
            part.remove("logprobs");
            drop(part, "detail", "\"auto\"");
            if (part.has("file_data") && !part.has("filename")) {
                boolean pdf = part.path("file_data").asText().startsWith("data:application/pdf");
                part.put("filename", pdf ? "document.pdf" : "document");
            }
        }
        item.set(name, parts);
    }

    private static void instructions(ObjectNode body) {
        ArrayNode out = body.arrayNode();
        JsonNode beside = body.remove("instructions");
        if (beside != null && !beside.asText().isEmpty()) {
            instruction(beside.asText(), out);
        }
        for (JsonNode item : body.path("input")) {
            if (!INSTRUCTION.contains(item.path("role").asText()) || item.has("type")) {
                out.add(item);
                continue;
            }
            for (JsonNode part : item.path("content")) {
                JsonNode last = out.path(out.size() - 1);
                boolean first = out.size() == 1 && last.path("role").asText().equals("developer");
                if (first && part.size() == 2 && last.path("content").size() == 1) {
                    ObjectNode one = (ObjectNode) last.path("content").path(0);
                    one.put(
                            "text",
                            one.path("text").asText() + "\n\n" + part.path("text").asText());
                } else {
                    ObjectNode alone = ((ObjectNode) item).deepCopy().put("role", "developer");
                    alone.putArray("content").add(part);
                    out.add(alone);
                }
            }
        }
        body.remove("input");
        if (!out.isEmpty()) {
            body.set("input", out);
        }
    }

    private static void instruction(String text, ArrayNode out) {
        out.addObject()
                .put("role", "developer")
                .putArray("content")
                .addObject()
                .put("text", text)
                .put("type", "input_text");
    }
}
