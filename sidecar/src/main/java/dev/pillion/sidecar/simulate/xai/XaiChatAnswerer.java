package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Hints;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Instances;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.ToolUse;
import dev.pillion.sidecar.simulate.kit.ToolUse.Tool;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import dev.pillion.sidecar.simulate.xai.XaiModel.Skill;
import java.util.ArrayList;
import java.util.List;

/**
 * The simulated model on Chat Completions. A word that switches it, in the last user message:
 * {@code SIMULATE_CONTENT_FILTER}.
 */
final class XaiChatAnswerer {
    static final int REASONING_TOKENS = 64;
    static final String THOUGHT = "The user wants an answer, so a short one will do.\n";

    private final Ids ids;

    XaiChatAnswerer(Ids ids) {
        this.ids = ids;
    }

    XaiChatAnswer answer(XaiChatRequest request, int hugeBytes) {
        var text = request.lastUserText();
        boolean shows = request.model().can(Skill.SHOWS_REASONING);
        var calls = calls(request, text);
        var content = calls.isEmpty() ? words(request, text) : "";
        var finish = calls.isEmpty() ? "stop" : "tool_calls";
        if (text.contains("SIMULATE_CONTENT_FILTER")) {
            content = "It begins well, but";
            finish = "content_filter";
        }
        if (hugeBytes > 0) {
            content = Wording.stretch(content, hugeBytes);
        } else if (!content.isEmpty() && Tokens.of(content) > request.maxTextTokens()) {
            content = Tokens.cut(content, request.maxTextTokens());
            finish = "length";
        }
        return new XaiChatAnswer(
                shows && request.reasons() ? THOUGHT : null,
                content,
                calls,
                finish,
                tokens(content, calls),
                request.reasons() ? REASONING_TOKENS : 0);
    }

    private static int tokens(String content, List<ObjectNode> calls) {
        int tokens = content.isEmpty() ? 0 : Tokens.of(content);
        return tokens + calls.stream().mapToInt(Tokens::of).sum();
    }

    private static String words(XaiChatRequest request, String text) {
        var schema = request.answerSchema().path("schema");
        if (schema.isObject()) {
            return Trees.write(Instances.of(schema, Hints.of(text)));
        }
        if (request.body().path("response_format").path("type").asText().equals("json_object")) {
            return Trees.write(Trees.object().put("answer", Wording.shorten(text.strip())));
        }
        var results = request.results();
        return results.isEmpty() ? Wording.reply(text) : Wording.replyToResults(results);
    }

    private List<ObjectNode> calls(XaiChatRequest request, String text) {
        var choice = request.body().path("tool_choice");
        var named = Trees.string(choice.path("function"), "name");
        boolean forced = named != null || choice.asText().equals("required");
        if (choice.asText().equals("none") || (!forced && !request.results().isEmpty())) {
            return List.of();
        }
        boolean parallel = request.body().path("parallel_tool_calls").asBoolean(true);
        var tools = new ArrayList<Tool>();
        for (var tool : request.tools()) {
            var function = tool.path("function");
            tools.add(Tool.function(function.path("name").asText(), function.path("parameters")));
        }
        var wish = new ToolUse.Choice(forced, named, List.of(), parallel);
        var calls = new ArrayList<ObjectNode>();
        for (var made : ToolUse.calls(tools, wish, text)) {
            var call = Trees.object().put("id", callId()).put("type", "function");
            call.putObject("function")
                    .put("name", made.tool().name())
                    .put("arguments", made.input());
            calls.add(call);
        }
        return calls;
    }

    /** Eight digits, as this API has them. */
    private String callId() {
        long number = Long.parseUnsignedLong(ids.nextHex("").substring(0, 12), 16);
        return "call_" + (10_000_000 + number % 90_000_000);
    }
}
