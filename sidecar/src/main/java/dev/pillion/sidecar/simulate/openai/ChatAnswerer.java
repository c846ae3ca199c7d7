package dev.pillion.sidecar.simulate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Hints;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Instances;
import dev.pillion.sidecar.simulate.kit.Tokens;
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
        boolean forced =
                request.forcedTool() != null || choice.equals("required") || mustCall(request);
        if (choice.equals("none") || (!forced && !results(request).isEmpty())) {
            return null;
        }
        boolean parallel = request.body().path("parallel_tool_calls").asBoolean(true);
        var calls = new ArrayList<ObjectNode>();
        for (var tool : wanted(request, text, forced)) {
            calls.addAll(calls(tool, text, parallel));
        }
        if (!calls.isEmpty()) {
            var kept = parallel ? calls : calls.subList(0, 1);
            return new ChatAnswer(null, null, kept, null, List.of(), null, "tool_calls");
        }
        return legacy(request, text);
    }

    private static boolean mustCall(ChatRequest request) {
        var allowed = request.body().path("tool_choice").path("allowed_tools");
        return allowed.path("mode").asText().equals("required");
    }

    private List<ObjectNode> calls(JsonNode tool, String text, boolean parallel) {
        var calls = new ArrayList<ObjectNode>();
        var type = tool.path("type").asText();
        if (type.equals("custom")) {
            var call = call(type);
            call.putObject("custom")
                    .put("name", ChatRequest.name(tool))
                    .put("input", Wording.shorten(text.strip()));
            return List.of(call);
        }
        for (var input : Wording.calls(text, parameters(tool.path("function")), parallel)) {
            var call = call(type);
            call.putObject("function")
                    .put("name", ChatRequest.name(tool))
                    .put("arguments", Trees.write(input));
            calls.add(call);
        }
        return calls;
    }

    private ObjectNode call(String type) {
        return Trees.object().put("id", ids.next("call_")).put("type", type);
    }

    private static JsonNode parameters(JsonNode function) {
        var parameters = function.path("parameters");
        return parameters.isObject() && !parameters.isEmpty()
                ? parameters
                : Trees.object().put("type", "object");
    }

    private static List<JsonNode> wanted(ChatRequest request, String text, boolean forced) {
        var named = request.forcedTool();
        var allowed = new ArrayList<String>();
        request.body()
                .path("tool_choice")
                .path("allowed_tools")
                .path("tools")
                .forEach(tool -> allowed.add(ChatRequest.name(tool)));
        var usable =
                request.tools().stream()
                        .filter(tool -> named == null || named.equals(ChatRequest.name(tool)))
                        .filter(tool ->
                                allowed.isEmpty() || allowed.contains(ChatRequest.name(tool)))
                        .toList();
        var asked =
                usable.stream()
                        .filter(tool ->
                                Wording.asksFor(
                                        text,
                                        ChatRequest.name(tool),
                                        parameters(tool.path("function"))))
                        .toList();
        if (named != null) {
            return usable.stream().limit(1).toList();
        }
        return asked.isEmpty() && forced ? usable.stream().limit(1).toList() : asked;
    }

    private static @Nullable ChatAnswer legacy(ChatRequest request, String text) {
        var choice = request.body().path("function_call");
        var named = Trees.string(choice, "name");
        if (choice.asText().equals("none")) {
            return null;
        }
        for (var function : request.functions()) {
            var name = function.path("name").asText();
            boolean wanted =
                    named == null
                            ? Wording.asksFor(text, name, parameters(function))
                            : named.equals(name);
            if (wanted) {
                var arguments = Instances.of(parameters(function), Hints.of(text));
                var call =
                        Trees.object().put("name", name).put("arguments", Trees.write(arguments));
                return new ChatAnswer(
                        null, null, List.of(), call, List.of(), null, "function_call");
            }
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
