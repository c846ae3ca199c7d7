package dev.pillion.sidecar.simulate.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Corpus;
import dev.pillion.sidecar.simulate.kit.Mutations;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Good recorded requests with one thing wrong are refused. */
class GeminiMutationTest {
    private static final int A_REQUEST = 30;
    private static final Set<String> FREE =
            Set.of(
                    "args",
                    "response",
                    "labels",
                    "default",
                    "example",
                    "parametersJsonSchema",
                    "parameters_json_schema",
                    "responseJsonSchema",
                    "response_json_schema");
    private static final Map<String, List<String>> REQUIRED =
            Map.ofEntries(
                    Map.entry("contents[]", List.of("parts")),
                    Map.entry("requests[]", List.of("content", "model")),
                    Map.entry("functionCall", List.of("name")),
                    Map.entry("function_call", List.of("name")),
                    Map.entry("functionResponse", List.of("name", "response")),
                    Map.entry("function_response", List.of("name", "response")),
                    Map.entry("inlineData", List.of("data", "mimeType")),
                    Map.entry("inline_data", List.of("data", "mime_type")),
                    Map.entry("fileData", List.of("fileUri", "file_uri")),
                    Map.entry("functionDeclarations[]", List.of("name")),
                    Map.entry("safetySettings[]", List.of("category", "threshold")),
                    Map.entry("executableCode", List.of("language", "code")),
                    Map.entry("codeExecutionResult", List.of("outcome")),
                    Map.entry("fileSearch", List.of("file_search_store_names")));

    @Test
    void oneFieldMutationsOfGoodRequestsAreRefused() {
        var tally = new Mutations.Tally();
        for (var exchange : Corpus.of("gemini")) {
            var route = Route.of(exchange.path());
            if (route == null || route.method().isEmpty() || exchange.status() >= 300) {
                continue;
            }
            var mutations = new Mutations(exchange.body(), FREE, REQUIRED).everywhere();
            if (route.method().endsWith("enerateContent")) {
                top(mutations);
                config(mutations);
                contents(mutations);
                calls(mutations, route.model().startsWith("gemini-3"));
                tools(mutations);
            }
            tally.judge(
                    exchange,
                    mutations.sample(A_REQUEST),
                    body -> GeminiClient.reply(exchange, body).status() >= 400);
        }
        System.out.println("gemini: " + tally);
        assertEquals(List.of(), tally.accepted());
    }

    private static ObjectNode with(Mutations mutations, String field, String json) {
        var copy = mutations.copy();
        copy.set(field, Trees.own(json));
        return copy;
    }

    private static void top(Mutations all) {
        all.add("no contents", with(all, "contents", "[]"));
        var lost = all.copy();
        lost.remove("contents");
        all.add("contents removed", lost);
        all.add("another vendor's messages", with(all, "messages", "[]"));
        all.add("another vendor's stream", with(all, "stream", "true"));
        all.add("another vendor's model", with(all, "max_tokens", "100"));
        all.add("service tier unknown", with(all, "serviceTier", "\"turbo\""));
        all.add("cache of no name", with(all, "cachedContent", "\"mine\""));
        all.add("no parts in the instruction", with(all, "systemInstruction", "{\"parts\":[]}"));
        all.add("instruction a string", with(all, "systemInstruction", "\"Be brief.\""));
        all.add(
                "instruction with an image",
                with(
                        all,
                        "systemInstruction",
                        "{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}]}"));
        all.add(
                "safety of a category unknown",
                with(
                        all,
                        "safetySettings",
                        "[{\"category\":\"HARM_CATEGORY_X\",\"threshold\":\"OFF\"}]"));
        all.add(
                "safety of a category twice",
                with(
                        all,
                        "safetySettings",
                        "[{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"OFF\"},{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"BLOCK_NONE\"}]"));
    }

    private static ObjectNode configured(Mutations all, String field, String json) {
        var copy = all.copy();
        var config =
                copy.get("generationConfig") instanceof ObjectNode there
                        ? there
                        : copy.putObject("generationConfig");
        config.set(field, Trees.own(json));
        return copy;
    }

    private static void config(Mutations all) {
        all.add("temperature too high", configured(all, "temperature", "2.5"));
        all.add("topP below 0", configured(all, "topP", "-0.1"));
        all.add(
                "six stops",
                configured(all, "stopSequences", "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]"));
        all.add("output of 0 tokens", configured(all, "maxOutputTokens", "0"));
        all.add("output of a fraction", configured(all, "maxOutputTokens", "10.5"));
        all.add("output too long", configured(all, "maxOutputTokens", "5000000"));
        all.add("no candidates", configured(all, "candidateCount", "0"));
        all.add("logprobs alone", configured(all, "logprobs", "5"));
        all.add("penalty too high", configured(all, "presencePenalty", "3"));
        all.add("type of answer unknown", configured(all, "responseMimeType", "\"text/html\""));
        all.add("modality of another model", configured(all, "responseModalities", "[\"IMAGE\"]"));
        all.add("effort unknown", configured(all, "thinkingConfig", "{\"thinkingLevel\":\"MAX\"}"));
        all.add(
                "budget and level",
                configured(
                        all,
                        "thinkingConfig",
                        "{\"thinkingLevel\":\"LOW\",\"thinkingBudget\":1024}"));
        all.add(
                "budget too high",
                configured(all, "thinkingConfig", "{\"thinkingBudget\":1000000}"));
        var schema = configured(all, "responseSchema", "{\"type\":\"OBJECT\"}");
        ((ObjectNode) schema.get("generationConfig")).put("responseMimeType", "text/plain");
        all.add("schema without JSON", schema);
        for (var bad :
                List.of(
                        "{\"type\":\"object\",\"additionalProperties\":false}",
                        "{\"type\":\"dict\"}",
                        "{\"type\":\"ARRAY\"}",
                        "{\"type\":\"OBJECT\",\"required\":[\"x\"]}",
                        "{\"type\":[\"string\",\"null\"]}",
                        "{\"type\":\"INTEGER\",\"enum\":[\"1\"]}")) {
            all.add("older schema malformed", jsonAnswer(all, "responseSchema", bad));
        }
        for (var bad :
                List.of(
                        "{\"type\":\"dict\"}",
                        "{\"$ref\":\"#/$defs/none\"}",
                        "{\"type\":\"object\",\"required\":\"x\"}",
                        "{\"not\":{}}")) {
            all.add("schema malformed", jsonAnswer(all, "responseJsonSchema", bad));
        }
    }

    private static ObjectNode jsonAnswer(Mutations all, String field, String schema) {
        var copy = configured(all, "responseMimeType", "\"application/json\"");
        var config = (ObjectNode) copy.get("generationConfig");
        List.of("responseSchema", "response_schema", "responseJsonSchema").forEach(config::remove);
        config.set(field, Trees.own(schema));
        return copy;
    }

    private static void contents(Mutations all) {
        var contents = all.copy().path("contents");
        for (int i = 0; i < contents.size(); i++) {
            all.add("role unknown", inContent(all, i, "role", "\"assistant\""));
            all.add("role system", inContent(all, i, "role", "\"system\""));
            all.add("content a string", inContent(all, i, "parts", "\"Hello\""));
            all.add(
                    "part of another vendor's kind",
                    inContent(all, i, "parts", "[{\"type\":\"text\",\"text\":\"x\"}]"));
            all.add("part of nothing", inContent(all, i, "parts", "[{}]"));
            all.add(
                    "part of two kinds",
                    inContent(
                            all,
                            i,
                            "parts",
                            "[{\"text\":\"x\",\"fileData\":{\"fileUri\":\"https://a.example/b\"}}]"));
            all.add(
                    "data that is no base64",
                    inContent(
                            all,
                            i,
                            "parts",
                            "[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"*!\"}}]"));
        }
    }

    private static void calls(Mutations all, boolean signed) {
        var contents = all.copy().path("contents");
        for (int i = 0; i < contents.size(); i++) {
            var parts = contents.get(i).path("parts");
            for (int j = 0; j < parts.size(); j++) {
                call(all, i, j, parts.get(j), signed);
                result(all, i, j, parts.get(j));
            }
        }
    }

    private static void call(Mutations all, int i, int j, JsonNode part, boolean signed) {
        if (!part.has("functionCall")) {
            return;
        }
        all.add("call renamed", inPart(all, i, j, "functionCall", "name", "\"other\""));
        all.add("call's arguments a string", inPart(all, i, j, "functionCall", "args", "\"{}\""));
        all.add("call without its result", without(all, i + 1));
        if (part.path("functionCall").has("id")) {
            all.add("call renumbered", inPart(all, i, j, "functionCall", "id", "\"other\""));
        }
        if (part.has("thoughtSignature") && signed) {
            var copy = all.copy();
            ((ObjectNode) copy.path("contents").get(i).path("parts").get(j))
                    .put("thoughtSignature", "ErUBCkYIBBgCIkAOLwDXty2U");
            all.add("call with a foreign signature", copy);
        }
    }

    private static void result(Mutations all, int i, int j, JsonNode part) {
        if (!part.has("functionResponse")) {
            return;
        }
        all.add("result renamed", inPart(all, i, j, "functionResponse", "name", "\"other\""));
        all.add("result a string", inPart(all, i, j, "functionResponse", "response", "\"x\""));
        var twice = all.copy();
        ((ArrayNode) twice.path("contents").get(i).path("parts")).add(part);
        all.add("result twice", twice);
        all.add("result without its call", without(all, i - 1));
    }

    private static ObjectNode without(Mutations all, int content) {
        var copy = all.copy();
        ((ArrayNode) copy.path("contents")).remove(content);
        return copy;
    }

    private static void tools(Mutations all) {
        var tools = all.copy().path("tools");
        for (int i = 0; i < tools.size(); i++) {
            var functions = tools.get(i).path("functionDeclarations");
            for (int j = 0; j < functions.size(); j++) {
                function(all, i, j, functions.get(j));
            }
        }
        var choice = "{\"functionCallingConfig\":{\"mode\":\"%s\",\"allowedFunctionNames\":[%s]}}";
        all.add("mode unknown", with(all, "toolConfig", choice.formatted("REQUIRED", "")));
        all.add(
                "choice of no function",
                with(all, "toolConfig", choice.formatted("ANY", "\"no\"")));
        all.add("names without ANY", with(all, "toolConfig", choice.formatted("AUTO", "\"no\"")));
        all.add("tool unknown", with(all, "tools", "[{\"webSearch\":{}}]"));
        all.add("tool of another vendor", with(all, "tools", "[{\"type\":\"function\"}]"));
        all.add("tool of nothing", with(all, "tools", "[{}]"));
        all.add("older search", with(all, "tools", "[{\"googleSearchRetrieval\":1}]"));
    }

    private static void function(Mutations all, int i, int j, JsonNode function) {
        var twice = all.copy();
        ((ArrayNode) twice.path("tools").get(i).path("functionDeclarations")).add(function);
        all.add("function name twice", twice);
        all.add("function name with blanks", inFunction(all, i, j, "name", "\"a tool\""));
        all.add(
                "function name too long",
                inFunction(all, i, j, "name", "\"" + "n".repeat(129) + "\""));
        all.add(
                "function's schemas both",
                inFunction(
                        all,
                        i,
                        j,
                        function.has("parameters") ? "parametersJsonSchema" : "parameters",
                        "{\"type\":\"OBJECT\"}"));
        var bare = all.copy();
        var there = (ObjectNode) bare.path("tools").get(i).path("functionDeclarations").get(j);
        List.of("parametersJsonSchema", "parameters_json_schema").forEach(there::remove);
        there.set("parameters", Trees.own("{\"type\":\"ARRAY\",\"items\":{\"type\":\"STRING\"}}"));
        all.add("function's schema no object", bare);
    }

    private static ObjectNode inContent(Mutations all, int index, String field, String json) {
        var copy = all.copy();
        ((ObjectNode) copy.path("contents").get(index)).set(field, Trees.own(json));
        return copy;
    }

    private static ObjectNode inPart(
            Mutations all, int content, int part, String data, String field, String json) {
        var copy = all.copy();
        var node = copy.path("contents").get(content).path("parts").get(part).path(data);
        ((ObjectNode) node).set(field, Trees.own(json));
        return copy;
    }

    private static ObjectNode inFunction(
            Mutations all, int tool, int function, String field, String json) {
        var copy = all.copy();
        var node = copy.path("tools").get(tool).path("functionDeclarations").get(function);
        ((ObjectNode) node).set(field, Trees.own(json));
        return copy;
    }
}
