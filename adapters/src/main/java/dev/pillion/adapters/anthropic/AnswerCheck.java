package dev.pillion.adapters.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.adapters.EncodeContext;
import dev.pillion.adapters.Losses;
import dev.pillion.adapters.SchemaCheck;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Output;
import dev.pillion.protocol.chat.Tool;
import dev.pillion.protocol.wire.Json;
import dev.pillion.protocol.wire.MalformedJson;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds an answer to what the vendor was not asked to enforce: bounds of a schema that it has no
 * word for, and the JSON mode that it does not have. Never quotes the answer.
 */
final class AnswerCheck {
    private final boolean anyJson;
    private final @Nullable ObjectNode schema;
    private final Map<String, ObjectNode> toolSchemas;
    private final StringBuilder text = new StringBuilder();
    private boolean called;
    private @Nullable String brokenCall;

    private AnswerCheck(
            boolean anyJson, @Nullable ObjectNode schema, Map<String, ObjectNode> toolSchemas) {
        this.anyJson = anyJson;
        this.schema = schema;
        this.toolSchemas = toolSchemas;
    }

    static AnswerCheck of(ChatRequest request, EncodeContext context) {
        boolean raw = new RawFields(request, context).hasFormat();
        Map<String, ObjectNode> tools = new HashMap<>();
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function
                    && Boolean.TRUE.equals(function.strict())
                    && function.parameters() != null
                    && ToolEncoder.rawSchema(function) == null
                    && needsCheck(function.parameters())) {
                tools.put(function.name(), function.parameters());
            }
        }
        return switch (request.output().format()) {
            case Output.Format.Text _ -> new AnswerCheck(false, null, tools);
            case Output.Format.Json _ -> new AnswerCheck(!raw, null, tools);
            case Output.Format.Schema wanted ->
                    new AnswerCheck(
                            false,
                            !raw && needsCheck(wanted.schema()) ? wanted.schema() : null,
                            tools);
        };
    }

    private static boolean needsCheck(ObjectNode schema) {
        return SchemaReducer.reduce(schema, new Losses(true), "").checkNeeded();
    }

    /** What the text of one block goes through on its way out. */
    TextFilter filter() {
        return anyJson ? new FenceFilter() : TextFilter.NONE;
    }

    void text(String piece) {
        if (anyJson || schema != null) {
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
        if (brokenCall != null) {
            return brokenCall;
        }
        if (called || !(anyJson || schema != null)) {
            return null;
        }
        return broken(text.toString(), schema, "the answer");
    }

    private @Nullable String broken(String json, @Nullable ObjectNode wanted, String what) {
        JsonNode value;
        try {
            value = Json.read(json);
        } catch (MalformedJson e) {
            return what + " should be JSON and is not, from byte " + e.byteOffset() + " on";
        }
        if (wanted == null) {
            return value.isObject() ? null : what + " should be a JSON object and is not";
        }
        String found = SchemaCheck.firstBreak(value, wanted);
        return found == null ? null : what + " does not follow the schema: " + found;
    }

    /** Changes a text on its way, piece by piece. */
    interface TextFilter {
        TextFilter NONE =
                new TextFilter() {
                    @Override
                    public String next(String piece) {
                        return piece;
                    }

                    @Override
                    public String rest() {
                        return "";
                    }
                };

        /** What of the text so far can be said now. */
        String next(String piece);

        /** What was held back and must be said at the end. */
        String rest();
    }

    /** Takes away the code fence that models like to put around JSON. */
    static final class FenceFilter implements TextFilter {
        private static final String FENCE = "```";

        private final StringBuilder held = new StringBuilder();
        private boolean opened;
        private boolean fenced;

        @Override
        public String next(String piece) {
            held.append(piece);
            if (!opened && !open()) {
                return "";
            }
            int safe = held.length();
            while (safe > 0 && isTail(held.charAt(safe - 1))) {
                safe--;
            }
            String said = held.substring(0, safe);
            held.delete(0, safe);
            return said;
        }

        /** Decides whether there is a fence, once enough has been seen. */
        private boolean open() {
            String text = held.toString().stripLeading();
            if (text.isEmpty() || (text.length() < FENCE.length() && FENCE.startsWith(text))) {
                return false;
            }
            if (text.startsWith(FENCE)) {
                int line = text.indexOf('\n');
                if (line < 0) {
                    return false;
                }
                fenced = true;
                text = text.substring(line + 1);
            }
            held.setLength(0);
            held.append(text);
            opened = true;
            return true;
        }

        private static boolean isTail(char c) {
            return c == '`' || Character.isWhitespace(c);
        }

        @Override
        public String rest() {
            String rest = held.toString();
            held.setLength(0);
            if (!fenced) {
                return rest;
            }
            String stripped = rest.stripTrailing();
            return stripped.endsWith(FENCE)
                    ? stripped.substring(0, stripped.length() - FENCE.length()).stripTrailing()
                    : rest;
        }
    }
}
