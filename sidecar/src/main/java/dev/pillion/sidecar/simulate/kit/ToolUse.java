package dev.pillion.sidecar.simulate.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of its tools a simulated model calls, and with what. */
public final class ToolUse {
    private ToolUse() {}

    /**
     * A tool that may be called.
     *
     * @param schema of its arguments; null where it takes free text
     */
    public record Tool(String name, @Nullable JsonNode schema) {
        /** A tool whose arguments are an object, of any kind where no schema says more. */
        public static Tool function(String name, JsonNode parameters) {
            return parameters.isObject() && !parameters.isEmpty()
                    ? new Tool(name, parameters)
                    : new Tool(name, Trees.object().put("type", "object"));
        }
    }

    /**
     * What the request says about calls.
     *
     * @param forced at least one has to be made
     * @param named the tool that has to be called; null: any
     * @param allowed the tools that may be called; empty: all
     * @param parallel whether several may be made at once
     */
    public record Choice(
            boolean forced, @Nullable String named, List<String> allowed, boolean parallel) {
        public static final Choice AUTO = new Choice(false, null, List.of(), true);

        private boolean takes(Tool tool) {
            return (named == null || named.equals(tool.name()))
                    && (allowed.isEmpty() || allowed.contains(tool.name()));
        }
    }

    /** A call; {@code input} is JSON, or the free text of a tool without a schema. */
    public record Call(Tool tool, String input) {}

    /** The calls that a text asks for, or that the choice forces; often none. */
    public static List<Call> calls(List<Tool> tools, Choice choice, String text) {
        var calls = new ArrayList<Call>();
        for (var tool : wanted(tools, choice, text)) {
            var schema = tool.schema();
            if (schema == null) {
                calls.add(new Call(tool, Wording.shorten(text.strip())));
            } else {
                for (var input : Wording.calls(text, schema, choice.parallel())) {
                    calls.add(new Call(tool, Trees.write(input)));
                }
            }
        }
        return choice.parallel() || calls.isEmpty() ? calls : calls.subList(0, 1);
    }

    private static List<Tool> wanted(List<Tool> tools, Choice choice, String text) {
        var usable = tools.stream().filter(choice::takes).toList();
        if (choice.named() != null) {
            return usable.stream().limit(1).toList();
        }
        var asked = usable.stream().filter(tool -> asked(tool, text)).toList();
        return asked.isEmpty() && choice.forced() ? usable.stream().limit(1).toList() : asked;
    }

    private static boolean asked(Tool tool, String text) {
        var schema = tool.schema();
        return Wording.asksFor(text, tool.name(), schema == null ? Trees.object() : schema);
    }
}
