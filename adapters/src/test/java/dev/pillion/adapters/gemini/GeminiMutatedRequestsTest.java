package dev.pillion.adapters.gemini;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.Surface;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.fault.FaultKind;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A request that says everything, broken in one place at a time, in every way. */
class GeminiMutatedRequestsTest {
    private static final String EVERYTHING =
            """
            {"systemInstruction":{"role":"user","parts":[{"text":"s"}]},
             "contents":[
              {"role":"user","parts":[{"text":"t"},
               {"inlineData":{"mimeType":"image/png","data":"AAAA","displayName":"d"}},
               {"fileData":{"fileUri":"https://a.example/x.pdf","mimeType":"application/pdf"},
                "videoMetadata":{"fps":1}}]},
              {"role":"model","parts":[{"text":"h","thought":true,"thoughtSignature":"AAAA"},
               {"functionCall":{"id":"c","name":"f","args":{"a":1}},"thoughtSignature":"AAAA"},
               {"functionCall":{"name":"g"}},
               {"executableCode":{"language":"PYTHON","code":"1"},"thoughtSignature":"AAAA"}]},
              {"role":"user","parts":[
               {"functionResponse":{"id":"c","name":"f","response":{"output":"o"},
                "parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}},
               {"functionResponse":{"name":"g","response":{"error":{"e":1}}}}]}],
             "tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":
                {"type":"OBJECT","nullable":true,"propertyOrdering":["a"],"properties":
                 {"a":{"type":"ARRAY","items":{"type":"STRING"},"maxItems":"3","enum":["x"],
                  "anyOf":[{"type":"STRING"}],"example":1}}}},
                {"name":"g","parametersJsonSchema":{"type":"object"}}]},
               {"googleSearch":{"excludeDomains":["d"],"searchTypes":{"webSearch":{}}}},
               {"codeExecution":{}}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]},
               "includeServerSideToolInvocations":true,"retrievalConfig":{"languageCode":"de"}},
             "safetySettings":[{"category":"c","threshold":"OFF"}],
             "generationConfig":{"temperature":1,"topP":0.5,"topK":3,"seed":1,"candidateCount":1,
               "maxOutputTokens":9,"stopSequences":["x"],"presencePenalty":0,
               "responseMimeType":"application/json","responseSchema":{"type":"STRING"},
               "responseModalities":["TEXT"],
               "thinkingConfig":{"thinkingLevel":"LOW","includeThoughts":true}},
             "labels":{"a":"b"},"store":false,"cachedContent":"c","serviceTier":"flex"}
            """;

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "-1",
                    "1e400",
                    "0.5",
                    "123456789012345678901234567890",
                    "\"\"",
                    "\"text\"",
                    "[]",
                    "[null]",
                    "[[\"x\"]]",
                    "[{}]",
                    "{}",
                    "{\"text\":null}",
                    "{\"a\":{\"a\":[]}}");

    private int decoded;
    private int refused;

    @Test
    @DisplayName("F4 F54: a request broken in one place decodes, or is refused with the place")
    void aBrokenRequestDecodesOrIsRefusedWithItsPlace() {
        tryOut(GeminiSurface.exact(EVERYTHING), "as it is");
        broken(this::tryOut);
        System.out.printf("gemini requests broken: %d decoded, %d refused%n", decoded, refused);
        assertTrue(decoded > 0 && refused > 0);
    }

    /** The bodies. */
    static List<JsonNode> broken() {
        List<JsonNode> bodies = new ArrayList<>();
        broken((body, _) -> bodies.add(body));
        return bodies;
    }

    private static void broken(BiConsumer<JsonNode, String> each) {
        JsonNode whole = GeminiSurface.exact(EVERYTHING);
        for (JsonPointer place : places(whole)) {
            for (String value : VALUES) {
                JsonNode copy = whole.deepCopy();
                set(copy, place, GeminiSurface.exact(value));
                each.accept(copy, place + " = " + value);
            }
            JsonNode copy = whole.deepCopy();
            set(copy, place, null);
            each.accept(copy, place + " gone");
        }
    }

    private void tryOut(JsonNode body, String how) {
        byte[] utf8 = body.toString().getBytes(StandardCharsets.UTF_8);
        var surface = new Surface(GeminiSurface.STREAM, "alt=sse", Headers.NONE, utf8);
        try {
            GeminiSurface.DIALECT.outline(surface);
            ChatRequest request = GeminiSurface.DIALECT.decode(surface);
            decoded++;
            sendOn(request, how);
        } catch (FaultException e) {
            refused++;
            Fault fault = e.fault();
            assertTrue(
                    Set.of(FaultKind.INVALID_REQUEST, FaultKind.UNSUPPORTED).contains(fault.kind()),
                    how);
            assertNotNull(fault.pointer(), how + ": " + fault.message());
            JsonPointer pointer = JsonPointer.compile(fault.pointer());
            JsonPointer above = pointer.head() == null ? pointer : pointer.head();
            assertTrue(!body.at(above).isMissingNode(), how + ": " + fault.message());
        } catch (RuntimeException e) {
            throw new AssertionError(how, e);
        }
    }

    /** Whatever decodes can be sent on, or is refused in the same way. */
    private static void sendOn(ChatRequest request, String how) {
        try {
            GeminiSamples.call(request, GeminiSamples.NEW);
        } catch (FaultException e) {
            assertNotNull(e.getMessage(), how);
        }
    }

    private static List<JsonPointer> places(JsonNode node) {
        List<JsonPointer> places = new ArrayList<>();
        collect(node, JsonPointer.empty(), places);
        return places;
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> into) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            into.add(at.appendProperty(field.getKey()));
            collect(field.getValue(), at.appendProperty(field.getKey()), into);
        }
        for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
            into.add(at.appendIndex(i));
            collect(node.get(i), at.appendIndex(i), into);
        }
    }

    private static void set(JsonNode root, JsonPointer place, JsonNode value) {
        JsonNode holder = root.at(place.head());
        if (holder instanceof ObjectNode object) {
            String name = place.last().getMatchingProperty();
            if (value == null) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        } else if (holder instanceof ArrayNode array) {
            int index = place.last().getMatchingIndex();
            if (value == null) {
                array.remove(index);
            } else {
                array.set(index, value);
            }
        }
    }
}
