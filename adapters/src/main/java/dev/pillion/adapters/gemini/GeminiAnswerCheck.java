package dev.pillion.adapters.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.SchemaCheck;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds an answer to those bounds of a schema that were not sent, since the vendor has no word for
 * them: of the output, and of the arguments of strict functions. Never quotes the answer.
 */
final class GeminiAnswerCheck {
    private final @Nullable ObjectNode schema;
    private final Map<String, ObjectNode> toolSchemas;
    private final StringBuilder text = new StringBuilder();
    private boolean called;
    private @Nullable String brokenCall;

    private GeminiAnswerCheck(@Nullable ObjectNode schema, Map<String, ObjectNode> toolSchemas) {
        this.schema = schema;
        this.toolSchemas = toolSchemas;
    }

    static GeminiAnswerCheck of(ChatRequest request, EncodeContext context) {
        Map<String, ObjectNode> tools = new HashMap<>();
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function
                    && Boolean.TRUE.equals(function.strict())
                    && function.parameters() != null
                    && !GeminiToolEncoder.hasOwnSchema(function)
                    && needsCheck(function.parameters())) {
                tools.put(function.name(), function.parameters());
            }
        }
        ObjectNode schema = null;
        if (request.output().format() instanceof Output.Format.Schema wanted
                && needsCheck(wanted.schema())
                && isSent(request, context)) {
            schema = wanted.schema();
        }
        return new GeminiAnswerCheck(schema, tools);
    }

    private static boolean needsCheck(ObjectNode schema) {
        return GeminiSchemaReducer.reduce(schema, new Losses(true), "").checkNeeded();
    }

    /** Whether the schema went to the vendor, and was not lost to the tools beside it. */
    private static boolean isSent(ChatRequest request, EncodeContext context) {
        if (new GeminiRawFields(request, context).hasFormat()) {
            return false;
        }
        try {
            var tools =
                    new GeminiToolEncoder(request, context.model(), new Losses(context.lossy()));
            tools.addTo(Json.object());
            return !tools.refusesJson(request.output().format());
        } catch (FaultException e) {
            return false; // Then the request was refused, and there is no answer to hold to it.
        }
    }

    void text(String piece) {
        if (schema != null) {
            text.append(piece);
        }
    }

    void toolCall(String name, String arguments) {
        called = true;
        ObjectNode wanted = toolSchemas.get(name);
        if (wanted != null && brokenCall == null) {
            brokenCall = broken(arguments, wanted, "the arguments of " + name);
        }
    }

    /** What is wrong with the whole answer; null when nothing is. */
    @Nullable String broken() {
        if (brokenCall != null || called || schema == null) {
            return brokenCall;
        }
        return broken(text.toString(), schema, "the answer");
    }

    private static @Nullable String broken(String json, ObjectNode wanted, String what) {
        try {
            JsonNode value = Json.read(json);
            String found = SchemaCheck.firstBreak(value, wanted);
            return found == null ? null : what + " does not follow the schema: " + found;
        } catch (MalformedJson e) {
            return what + " should be JSON and is not, from byte " + e.byteOffset() + " on";
        }
    }
}
