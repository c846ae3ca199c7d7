package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * In which ways two Chat Completions requests differ and mean the same. Written from the format's
 * documentation; knows nothing of the adapter.
 */
public final class OpenAiRules {
    /** All rules for requests, in the order of their application. */
    public static final List<Meaning.Rule> REQUEST =
            List.of(
                    new Meaning.Rule(
                            "null is absent",
                            "an optional field that is null has its default",
                            OpenAiRules::dropNulls),
                    new Meaning.Rule(
                            "usage in streams",
                            "a gateway asks for usage for itself, and for no padding; the client's"
                                    + " own wish is kept in the outline",
                            body -> body.remove("stream_options")),
                    new Meaning.Rule(
                            "defaults",
                            "n 1, stream false, no penalties, no logprobs, no tools and no choice"
                                    + " among none",
                            OpenAiRules::dropDefaults),
                    new Meaning.Rule(
                            "one bound of the answer",
                            "max_tokens is the deprecated name of max_completion_tokens",
                            OpenAiRules::oneBound),
                    new Meaning.Rule(
                            "functions are tools",
                            "functions and function_call are deprecated forms of tools",
                            OpenAiRules::functions),
                    new Meaning.Rule(
                            "a tool is a function",
                            "the type of a tool that holds a function may be left out",
                            OpenAiRules::toolTypes),
                    new Meaning.Rule(
                            "any is required",
                            "two spellings of one tool choice at a compatible server",
                            OpenAiRules::choice),
                    new Meaning.Rule(
                            "not strict",
                            "strict false is the default of json_schema and of functions",
                            OpenAiRules::notStrict),
                    new Meaning.Rule(
                            "stop is a list",
                            "one stop text may stand alone",
                            OpenAiRules::stopList),
                    new Meaning.Rule(
                            "messages",
                            "a text is a part; an instruction of two parts is two instructions; the"
                                    + " index of a call and empty notes say nothing; no content is"
                                    + " null beside calls; legacy calls pair up in order",
                            OpenAiRules::messages));

    private OpenAiRules() {}

    private static void dropNulls(ObjectNode node) {
        for (Iterator<JsonNode> values = node.iterator(); values.hasNext(); ) {
            JsonNode value = values.next();
            if (value.isNull()) {
                values.remove();
            }
        }
        for (String name : List.of("messages", "tools", "response_format", "stream_options")) {
            JsonNode below = node.path(name);
            if (below instanceof ObjectNode object) {
                dropNulls(object);
            }
            below.forEach(element -> {
                if (element instanceof ObjectNode object) {
                    dropNulls(object);
                }
            });
        }
    }

    private static void dropDefaults(ObjectNode body) {
        drop(body, "n", "1");
        drop(body, "stream", "false");
        drop(body, "logprobs", "false");
        drop(body, "tools", "[]");
        drop(body, "store", "false");
        for (String penalty : List.of("frequency_penalty", "presence_penalty")) {
            if (body.path(penalty).isNumber() && body.path(penalty).asDouble() == 0) {
                body.remove(penalty);
            }
        }
        if (body.path("tools").isEmpty() && !body.has("functions")) {
            drop(body, "tool_choice", "\"auto\"");
            drop(body, "tool_choice", "\"none\"");
        }
        if (body.path("response_format").path("type").asText().equals("text")) {
            body.remove("response_format");
        }
    }

    private static void drop(ObjectNode body, String name, String value) {
        if (body.path(name).toString().equals(value)) {
            body.remove(name);
        }
    }

    private static void oneBound(ObjectNode body) {
        JsonNode old = body.remove("max_tokens");
        if (old != null && !body.has("max_completion_tokens")) {
            body.set("max_completion_tokens", old);
        }
    }

    private static void functions(ObjectNode body) {
        JsonNode functions = body.remove("functions");
        if (functions != null) {
            ArrayNode tools = body.withArray("/tools");
            functions.forEach(f -> tools.addObject().put("type", "function").set("function", f));
        }
        JsonNode choice = body.remove("function_call");
        if (choice != null && choice.isTextual()) {
            body.set("tool_choice", choice);
        } else if (choice != null) {
            body.putObject("tool_choice").put("type", "function").set("function", choice);
        }
    }

    private static void toolTypes(ObjectNode body) {
        for (JsonNode tool : body.path("tools")) {
            if (tool.has("function") && !tool.has("type")) {
                ((ObjectNode) tool).put("type", "function");
            }
        }
    }

    private static void choice(ObjectNode body) {
        if (body.path("tool_choice").asText().equals("any")) {
            body.put("tool_choice", "required");
        }
    }

    private static void notStrict(ObjectNode body) {
        JsonNode schema = body.path("response_format").path("json_schema");
        if (schema instanceof ObjectNode object) {
            dropNulls(object);
            drop(object, "strict", "false");
        }
        for (JsonNode tool : body.path("tools")) {
            if (tool.path("function") instanceof ObjectNode function) {
                dropNulls(function);
                drop(function, "strict", "false");
            }
        }
    }

    private static void stopList(ObjectNode body) {
        JsonNode stop = body.path("stop");
        if (stop.isTextual()) {
            body.putArray("stop").add(stop);
        }
    }

    private static void messages(ObjectNode body) {
        ArrayNode out = body.arrayNode();
        int legacy = 0;
        for (JsonNode node : body.path("messages")) {
            ObjectNode message = (ObjectNode) node;
            if (message.path("role").asText().equals("function")) {
                message.put("role", "tool").put("tool_call_id", "legacy-" + legacy++);
                message.remove("name");
            }
            if (message.path("function_call") instanceof ObjectNode call) {
                message.remove("function_call");
                message.withArray("/tool_calls")
                        .addObject()
                        .put("id", "legacy-" + legacy)
                        .put("type", "function")
                        .set("function", call);
            }
            message(message);
            split(message, out);
        }
        body.set("messages", out);
    }

    private static void message(ObjectNode message) {
        drop(message, "annotations", "[]");
        drop(message, "tool_calls", "[]");
        for (JsonNode call : message.path("tool_calls")) {
            ((ObjectNode) call).remove("index");
            legacyId((ObjectNode) call, "id");
            if (call.path("function").path("arguments").asText().isEmpty()) {
                ((ObjectNode) call.path("function")).put("arguments", "{}");
            }
        }
        legacyId(message, "tool_call_id");
        JsonNode content = message.path("content");
        if (content.isTextual()) {
            message.putArray("content").addObject().put("type", "text").set("text", content);
        }
        boolean empty =
                message.path("content").size() == 1
                        && message.path("content").path(0).path("text").asText("x").isEmpty();
        boolean calls = message.has("tool_calls") || message.has("refusal");
        if ((empty && calls) || (empty && message.path("role").asText().equals("tool"))) {
            message.remove("content");
        }
        boolean bare = message.path("role").asText().equals("assistant") && !calls;
        if (empty && bare) {
            message.remove("content");
        }
        if (message.path("content").isEmpty()) {
            message.remove("content");
        }
        message.path("content").forEach(OpenAiRules::part);
    }

    /** The deprecated form has no ids: whatever stands for them counts the calls. */
    private static void legacyId(ObjectNode node, String name) {
        String id = node.path(name).asText();
        if (id.startsWith("call_legacy_")) {
            node.put(name, "legacy-" + id.substring("call_legacy_".length()));
        }
    }

    private static void part(JsonNode part) {
        if (part.path("image_url") instanceof ObjectNode image) {
            drop(image, "detail", "\"auto\"");
        }
        if (part.path("image_url").isTextual()) {
            JsonNode url = part.path("image_url");
            ((ObjectNode) part).putObject("image_url").set("url", url);
        }
    }

    private static void split(ObjectNode message, ArrayNode out) {
        String role = message.path("role").asText();
        boolean instruction = role.equals("system") || role.equals("developer");
        if (!instruction || message.path("content").size() < 2) {
            out.add(message);
            return;
        }
        List<JsonNode> parts = new ArrayList<>();
        message.path("content").forEach(parts::add);
        for (JsonNode part : parts) {
            ObjectNode one = message.deepCopy();
            one.putArray("content").add(part);
            out.add(one);
        }
    }
}
