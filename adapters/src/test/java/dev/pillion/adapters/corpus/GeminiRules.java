package dev.pillion.adapters.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * In which ways two {@code generateContent} requests differ and mean the same. Written from the
 * API's documentation; knows nothing of the adapter.
 */
public final class GeminiRules {
    private static final String SENTINEL = "skip_thought_signature_validator";

    /** The same, written as bytes by an SDK that takes it for text. */
    private static final String SENTINEL_BYTES =
            Base64.getEncoder().encodeToString(SENTINEL.getBytes(StandardCharsets.US_ASCII));

    /** Objects whose members are data or schemas of the caller, and not fields of the API. */
    private static final Set<String> OPAQUE =
            Set.of(
                    "args",
                    "response",
                    "parameters",
                    "parametersJsonSchema",
                    "responseSchema",
                    "responseJsonSchema",
                    "labels",
                    "customMetadata",
                    "partMetadata");

    /** All rules for requests, in the order of their application. */
    public static final List<Meaning.Rule> REQUEST =
            List.of(
                    new Meaning.Rule(
                            "names",
                            "proto3 JSON takes a field's name in either case, and null as absent",
                            GeminiRules::names),
                    new Meaning.Rule(
                            "one is a list",
                            "a repeated field may hold its one element alone",
                            GeminiRules::lists),
                    new Meaning.Rule(
                            "defaults",
                            "proto3 tells nothing by an empty list, an empty message, false; one"
                                    + " candidate, text as the only modality and plain text are so"
                                    + " without saying",
                            GeminiRules::defaults),
                    new Meaning.Rule(
                            "enums",
                            "the API reads the words of its enums in either case",
                            GeminiRules::enums),
                    new Meaning.Rule(
                            "bytes",
                            "base64 in either alphabet, with padding or without; the documented"
                                    + " sentinel says that there is no signature",
                            GeminiRules::bytes),
                    new Meaning.Rule(
                            "contents",
                            "who speaks without a role is the user; contents of one role in a row"
                                    + " are one; an empty text without a signature says nothing;"
                                    + " responses stand before what else the user says, in the"
                                    + " order of their names and ids; no arguments are none",
                            GeminiRules::contents),
                    new Meaning.Rule(
                            "system",
                            "the role of the instruction is not read",
                            GeminiRules::system),
                    new Meaning.Rule(
                            "tools",
                            "each tool may stand in an element of its own; search of the web is"
                                    + " what googleSearch does without saying; automatic choice is"
                                    + " the default, and beside the vendor's own tools it is"
                                    + " validated",
                            GeminiRules::tools),
                    new Meaning.Rule(
                            "schemas",
                            "the older Schema says in its way what JSON Schema says; an object"
                                    + " without properties takes no parameters",
                            GeminiRules::schemas));

    private GeminiRules() {}

    private static void names(ObjectNode node) {
        for (Map.Entry<String, JsonNode> field : List.copyOf(node.properties())) {
            JsonNode value = field.getValue();
            node.remove(field.getKey());
            String name = camel(field.getKey());
            if (value.isNull()) {
                continue;
            }
            node.set(name, value);
            if (!OPAQUE.contains(name)) {
                descend(value);
            }
        }
    }

    private static void descend(JsonNode value) {
        if (value instanceof ObjectNode object) {
            names(object);
        } else {
            value.forEach(GeminiRules::descend);
        }
    }

    static String camel(String name) {
        var camel = new StringBuilder();
        String[] words = name.split("_", -1);
        for (int i = 0; i < words.length; i++) {
            boolean first = i == 0 || words[i].isEmpty();
            camel.append(
                    first
                            ? words[i]
                            : words[i].substring(0, 1).toUpperCase(Locale.ROOT)
                                    + words[i].substring(1));
        }
        return camel.toString();
    }

    private static void lists(ObjectNode body) {
        list(body, "contents");
        list(body, "tools");
        for (JsonNode content : body.path("contents")) {
            list((ObjectNode) content, "parts");
        }
        if (body.path("systemInstruction") instanceof ObjectNode system) {
            list(system, "parts");
        }
    }

    private static void list(ObjectNode node, String name) {
        if (node.path(name) instanceof ObjectNode one) {
            node.putArray(name).add(one);
        }
    }

    private static void defaults(ObjectNode body) {
        body.remove("model");
        if (body.path("generationConfig") instanceof ObjectNode config) {
            dropIf(config, "candidateCount", "1");
            dropIf(config, "responseModalities", "[\"TEXT\"]");
            dropIf(config, "responseMimeType", "\"text/plain\"");
            dropIf(config.path("thinkingConfig"), "includeThoughts", "false");
            dropEmpty(config);
        }
        if (body.path("toolConfig") instanceof ObjectNode config) {
            dropIf(config, "includeServerSideToolInvocations", "false");
            dropEmpty(config);
        }
        for (String name : List.of("tools", "safetySettings", "generationConfig", "toolConfig")) {
            if (body.path(name).isContainerNode() && body.path(name).isEmpty()) {
                body.remove(name);
            }
        }
    }

    private static void dropEmpty(ObjectNode node) {
        for (Map.Entry<String, JsonNode> field : List.copyOf(node.properties())) {
            if (field.getValue().isContainerNode() && field.getValue().isEmpty()) {
                node.remove(field.getKey());
            }
        }
    }

    private static void dropIf(JsonNode node, String name, String value) {
        if (node instanceof ObjectNode object && object.path(name).toString().equals(value)) {
            object.remove(name);
        }
    }

    private static void enums(ObjectNode body) {
        upper(body.path("toolConfig").path("functionCallingConfig"), "mode");
        upper(body.path("generationConfig").path("thinkingConfig"), "thinkingLevel");
    }

    private static void upper(JsonNode node, String name) {
        if (node instanceof ObjectNode object && object.path(name).isTextual()) {
            object.put(name, object.path(name).asText().toUpperCase(Locale.ROOT));
        }
    }

    private static void bytes(ObjectNode body) {
        for (JsonNode content : body.path("contents")) {
            for (JsonNode part : content.path("parts")) {
                bytesOf((ObjectNode) part);
            }
        }
    }

    private static void bytesOf(ObjectNode part) {
        String signature = part.path("thoughtSignature").asText();
        if (signature.equals(SENTINEL) || signature.equals(SENTINEL_BYTES)) {
            part.remove("thoughtSignature");
        }
        standard(part, "thoughtSignature");
        standard(part.path("inlineData"), "data");
        for (JsonNode inner : part.path("functionResponse").path("parts")) {
            standard(inner.path("inlineData"), "data");
        }
        dropIf(part, "thought", "false");
    }

    private static void standard(JsonNode node, String name) {
        if (node instanceof ObjectNode object && object.path(name).isTextual()) {
            String text = object.path(name).asText();
            object.put(name, text.replace('-', '+').replace('_', '/').replace("=", ""));
        }
    }

    private static void contents(ObjectNode body) {
        if (!body.has("contents")) {
            return;
        }
        ArrayNode merged = body.arrayNode();
        for (JsonNode content : body.path("contents")) {
            String role = content.path("role").asText("user");
            ObjectNode turn =
                    ((ObjectNode) content).put("role", role.equals("model") ? role : "user");
            ArrayNode parts = parts(turn.path("parts"), body.arrayNode());
            if (parts.isEmpty()) {
                continue;
            }
            JsonNode last = merged.path(merged.size() - 1);
            if (last.path("role").equals(turn.path("role"))) {
                join((ArrayNode) last.path("parts"), parts, turn.path("role").asText());
            } else {
                turn.set("parts", parts);
                merged.add(turn);
            }
        }
        merged.forEach(GeminiRules::responsesFirst);
        body.set("contents", merged);
    }

    private static ArrayNode parts(JsonNode from, ArrayNode to) {
        for (JsonNode part : from) {
            boolean nothing = part.size() == 1 && part.path("text").asText("x").isEmpty();
            if (!nothing) {
                if (part.path("functionCall") instanceof ObjectNode call && !call.has("args")) {
                    call.putObject("args");
                }
                if (part.path("functionResponse") instanceof ObjectNode response
                        && !response.has("response")) {
                    response.putObject("response");
                }
                to.add(part);
            }
        }
        return to;
    }

    /** A text that a stream cut in two contents is one. */
    private static void join(ArrayNode before, ArrayNode more, String role) {
        JsonNode last = before.path(before.size() - 1);
        JsonNode first = more.path(0);
        boolean cut =
                role.equals("model")
                        && last.size() == 1
                        && first.size() == 1
                        && last.has("text")
                        && first.has("text");
        if (cut) {
            ((ObjectNode) last)
                    .put("text", last.path("text").asText() + first.path("text").asText());
            more.remove(0);
        }
        before.addAll(more);
    }

    private static void responsesFirst(JsonNode turn) {
        List<JsonNode> responses = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode part : turn.path("parts")) {
            (part.has("functionResponse") ? responses : others).add(part);
        }
        responses.sort(
                Comparator.comparing(part ->
                        part.path("functionResponse").path("name").asText()
                                + " "
                                + part.path("functionResponse").path("id").asText()));
        ((ObjectNode) turn).putArray("parts").addAll(responses).addAll(others);
    }

    private static void system(ObjectNode body) {
        if (body.path("systemInstruction") instanceof ObjectNode system) {
            system.remove("role");
            system.set("parts", parts(system.path("parts"), body.arrayNode()));
            if (system.path("parts").isEmpty()) {
                body.remove("systemInstruction");
            }
        }
    }

    private static void tools(ObjectNode body) {
        if (body.has("tools")) {
            ArrayNode functions = body.arrayNode();
            List<JsonNode> others = new ArrayList<>();
            for (JsonNode tool : body.path("tools")) {
                functions.addAll((ArrayNode) tool.withArray("/functionDeclarations"));
                for (Map.Entry<String, JsonNode> field : tool.properties()) {
                    if (!field.getKey().equals("functionDeclarations")) {
                        dropIf(field.getValue(), "searchTypes", "{\"webSearch\":{}}");
                        others.add(body.objectNode().set(field.getKey(), field.getValue()));
                    }
                }
            }
            others.sort(Comparator.comparing(JsonNode::toString));
            body.remove("tools");
            if (!functions.isEmpty()) {
                body.set("functions", functions);
            }
            if (!others.isEmpty()) {
                body.putArray("tools").addAll(others);
            }
        }
        if (body.path("toolConfig") instanceof ObjectNode config) {
            boolean mixed =
                    body.has("functions")
                            && config.path("includeServerSideToolInvocations").asBoolean();
            if (mixed && !config.has("functionCallingConfig")) {
                config.putObject("functionCallingConfig").put("mode", "VALIDATED");
            }
            dropIf(config.path("functionCallingConfig"), "mode", "\"AUTO\"");
            dropEmpty(config);
            if (config.isEmpty()) {
                body.remove("toolConfig");
            }
        }
    }

    private static void schemas(ObjectNode body) {
        for (JsonNode function : body.path("functions")) {
            schema((ObjectNode) function, "parameters", "parametersJsonSchema");
            JsonNode schema = function.path("parameters");
            if (schema.isObject()
                    && schema.path("properties").isEmpty()
                    && schema.path("type").asText("object").equals("object")
                    && !schema.has("anyOf")
                    && !schema.has("$ref")) {
                ((ObjectNode) function).remove("parameters");
            }
        }
        if (body.path("generationConfig") instanceof ObjectNode config) {
            schema(config, "responseSchema", "responseJsonSchema");
        }
    }

    private static void schema(ObjectNode holder, String older, String newer) {
        JsonNode schema = holder.remove(newer);
        if (schema == null) {
            schema = holder.path(older);
        }
        if (schema instanceof ObjectNode object) {
            holder.set(older, canonical(object));
        }
    }

    /** Both kinds of schema, in the words of JSON Schema. */
    private static ObjectNode canonical(ObjectNode schema) {
        ObjectNode to = schema.objectNode();
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            String name = camel(field.getKey());
            JsonNode value = field.getValue();
            switch (name) {
                case "type" -> to.set("type", types(value, schema));
                case "properties", "$defs" -> {
                    ObjectNode map = to.putObject(name);
                    value.properties().forEach(p -> map.set(p.getKey(), below(p.getValue())));
                }
                case "items", "additionalProperties" -> to.set(name, below(value));
                case "anyOf", "prefixItems" -> {
                    ArrayNode list = to.putArray(name);
                    value.forEach(each -> list.add(below(each)));
                }
                case "nullable", "propertyOrdering" -> {}
                default -> to.set(name, value.isTextual() ? number(name, value) : value);
            }
        }
        if (schema.path("nullable").asBoolean()) {
            nullable(to);
        }
        if (to.has("enum")) {
            dropIf(to, "format", "\"enum\"");
        }
        return to;
    }

    private static JsonNode below(JsonNode value) {
        return value instanceof ObjectNode object ? canonical(object) : value;
    }

    private static JsonNode types(JsonNode value, ObjectNode in) {
        ArrayNode types = in.arrayNode();
        if (value.isArray()) {
            value.forEach(each -> types.add(each.asText().toLowerCase(Locale.ROOT)));
            return types;
        }
        return in.textNode(value.asText().toLowerCase(Locale.ROOT));
    }

    private static JsonNode number(String name, JsonNode value) {
        boolean count = name.startsWith("min") || name.startsWith("max");
        return count
                ? Corpus.JSON.getNodeFactory().numberNode(Long.parseLong(value.asText()))
                : value;
    }

    private static void nullable(ObjectNode to) {
        if (to.path("type").isTextual()) {
            String type = to.path("type").asText();
            to.putArray("type").add(type).add("null");
        } else if (to.path("anyOf") instanceof ArrayNode choices) {
            choices.addObject().put("type", "null");
        }
        if (to.path("enum") instanceof ArrayNode values) {
            values.addNull();
        }
    }
}
