package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Hints;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Instances;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.ToolUse;
import dev.pillion.sidecar.simulate.kit.ToolUse.Tool;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simulated model. Words that switch it, in the last user message: {@code SIMULATE_REFUSAL},
 * {@code SIMULATE_CONTENT_FILTER}.
 */
final class ChatAnswerer {
    private static final int REASONING_TOKENS = 64;

    /** 4 ms of silence: a WAV header and eight samples of nothing. */
    private static final String SILENCE =
            "UklGRjQAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YRAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private final Ids ids;

    ChatAnswerer(Ids ids) {
        this.ids = ids;
    }

    /** The tokens that are thought before the answer. */
    static int reasoningTokens(ChatRequest request) {
        return request.reasons() ? (int) Math.min(REASONING_TOKENS, request.maxTokens()) : 0;
    }

    List<ChatAnswer> answer(ChatRequest request, int hugeBytes) {
        var answers = new ArrayList<ChatAnswer>();
        for (int i = 0; i < Math.max(1, request.body().path("n").asInt(1)); i++) {
            var answer = said(request, i, hugeBytes);
            answers.add(hugeBytes > 0 ? answer : limit(stop(answer, request), request));
        }
        return answers;
    }

    private ChatAnswer said(ChatRequest request, int index, int hugeBytes) {
        var text = lastUserText(request);
        if (text.contains("SIMULATE_REFUSAL")) {
            return new ChatAnswer(
                    null,
                    "I'm sorry, I can't help with that.",
                    List.of(),
                    null,
                    List.of(),
                    null,
                    "stop");
        }
        if (text.contains("SIMULATE_CONTENT_FILTER")) {
            return ChatAnswer.text("It begins well, but")
                    .ending("It begins well, but", "content_filter");
        }
        var called = called(request, text);
        if (called != null) {
            return called;
        }
        if (request.model().can(Skill.SEARCH)) {
            return SearchAnswer.of(text);
        }
        var words = words(request, text) + (index == 0 ? "" : " (choice " + index + ")");
        return request.wantsAudio()
                ? audio(words)
                : ChatAnswer.text(Wording.stretch(words, hugeBytes));
    }

    private ChatAnswer audio(String words) {
        var audio =
                Trees.object()
                        .put("id", ids.nextHex("audio_"))
                        .put("data", SILENCE)
                        .put("expires_at", 1_800_000_000)
                        .put("transcript", words);
        return new ChatAnswer(null, null, List.of(), null, List.of(), audio, "stop");
    }

    private static String words(ChatRequest request, String text) {
        var schema = request.schema();
        if (schema != null) {
            return Trees.write(Instances.of(schema, Hints.of(text)));
        }
        if (request.body().path("response_format").path("type").asText().equals("json_object")) {
            return Trees.write(Trees.object().put("answer", Wording.shorten(text.strip())));
        }
        var results = results(request);
        return results.isEmpty() ? Wording.reply(text) : Wording.replyToResults(results);
    }

    private @Nullable ChatAnswer called(ChatRequest request, String text) {
        var choice = request.toolChoice();
        var wish = wish(request);
        if (choice.equals("none") || (!wish.forced() && !results(request).isEmpty())) {
            return null;
        }
        var calls = new ArrayList<ObjectNode>();
        for (var call : ToolUse.calls(tools(request), wish, text)) {
            calls.add(call(call));
        }
        return calls.isEmpty()
                ? legacy(request, text)
                : new ChatAnswer(null, null, calls, null, List.of(), null, "tool_calls");
    }

    private static ToolUse.Choice wish(ChatRequest request) {
        var allowed = request.body().path("tool_choice").path("allowed_tools");
        var named = request.forcedTool();
        boolean forced =
                named != null
                        || request.toolChoice().equals("required")
                        || allowed.path("mode").asText().equals("required");
        return new ToolUse.Choice(
                forced,
                named,
                Trees.items(allowed.get("tools")).stream().map(ChatRequest::name).toList(),
                request.body().path("parallel_tool_calls").asBoolean(true));
    }

    private static List<Tool> tools(ChatRequest request) {
        var tools = new ArrayList<Tool>();
        for (var tool : request.tools()) {
            var name = ChatRequest.name(tool);
            tools.add(
                    tool.path("type").asText().equals("custom")
                            ? new Tool(name, null)
                            : Tool.function(name, tool.path("function").path("parameters")));
        }
        return tools;
    }

    private ObjectNode call(ToolUse.Call call) {
        boolean free = call.tool().schema() == null;
        var type = free ? "custom" : "function";
        var made = Trees.object().put("id", ids.next("call_")).put("type", type);
        made.putObject(type)
                .put("name", call.tool().name())
                .put(free ? "input" : "arguments", call.input());
        return made;
    }

    private static @Nullable ChatAnswer legacy(ChatRequest request, String text) {
        var choice = request.body().path("function_call");
        var named = Trees.string(choice, "name");
        if (choice.asText().equals("none")) {
            return null;
        }
        var tools =
                request.functions().stream()
                        .map(f -> Tool.function(f.path("name").asText(), f.path("parameters")))
                        .toList();
        var wish = new ToolUse.Choice(named != null, named, List.of(), false);
        for (var made : ToolUse.calls(tools, wish, text)) {
            var call =
                    Trees.object().put("name", made.tool().name()).put("arguments", made.input());
            return new ChatAnswer(null, null, List.of(), call, List.of(), null, "function_call");
        }
        return null;
    }

    private static ChatAnswer stop(ChatAnswer answer, ChatRequest request) {
        var content = answer.content();
        var stop = request.body().path("stop");
        if (content == null || stop.isMissingNode() || stop.isNull()) {
            return answer;
        }
        int end = content.length();
        for (var sequence : stop.isTextual() ? List.of(stop) : Trees.items(stop)) {
            int at = sequence.asText().isEmpty() ? -1 : content.indexOf(sequence.asText());
            end = at >= 0 ? Math.min(end, at) : end;
        }
        return answer.ending(content.substring(0, end), answer.finishReason());
    }

    private static ChatAnswer limit(ChatAnswer answer, ChatRequest request) {
        long left = request.maxTokens() - reasoningTokens(request);
        var content = answer.content();
        return content == null || Tokens.of(content) <= left
                ? answer
                : answer.ending(Tokens.cut(content, left), "length");
    }

    /** The texts of the tool results that end the conversation. */
    private static List<String> results(ChatRequest request) {
        var results = new ArrayList<String>();
        for (var message : request.messages().reversed()) {
            var role = message.path("role").asText();
            if (!role.equals("tool") && !role.equals("function")) {
                break;
            }
            results.addFirst(ChatRequest.text(message));
        }
        return results;
    }

    private static String lastUserText(ChatRequest request) {
        for (var message : request.messages().reversed()) {
            if (message.path("role").asText().equals("user")) {
                return ChatRequest.text(message);
            }
        }
        return "";
    }
}
