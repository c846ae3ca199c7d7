package dev.pillion.sidecar.simulate.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Hints;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Instances;
import dev.pillion.sidecar.simulate.kit.Tokens;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simulated model. Words that switch it: {@code SIMULATE_REFUSAL}, {@code SIMULATE_PAUSE_TURN},
 * {@code SIMULATE_SEARCH_ERROR}, {@code SIMULATE_REDACTED_THINKING} in the last user turn. A system
 * prompt that asks for a JSON object gets one, since the API has no other JSON mode.
 */
final class AnthropicAnswerer {
    private final Ids ids;
    private final AnthropicSeals seals;
    private final AnthropicSearch search;

    AnthropicAnswerer(Ids ids, AnthropicSeals seals) {
        this.ids = ids;
        this.seals = seals;
        this.search = new AnthropicSearch(ids, seals);
    }

    AnthropicAnswer answer(AnthropicRequest request, int hugeBytes) {
        if (request.body().path("max_tokens").asInt() == 0) {
            return new AnthropicAnswer(List.of(), "max_tokens", null, null, 0, 0);
        }
        var content = new ArrayList<ObjectNode>();
        int thought = request.thinks() ? think(request, content) : 0;
        var text = lastUserText(request);
        if (text.contains("SIMULATE_REFUSAL")) {
            return refusal(content, thought);
        }
        var said = say(request, text, hugeBytes);
        content.addAll(said.content());
        return Endings.apply(
                new AnthropicAnswer(
                        content, said.stopReason(), null, null, thought, said.searches()),
                request,
                hugeBytes > 0);
    }

    /** What comes after the thinking. */
    record Said(List<ObjectNode> content, String stopReason, int searches) {}

    private Said say(AnthropicRequest request, String text, int hugeBytes) {
        var calls = calls(request, text);
        if (!calls.isEmpty()) {
            return new Said(calls, "tool_use", 0);
        }
        var results = results(request);
        var searching = AnthropicSearch.tool(request);
        if (searching != null && results.isEmpty() && mayUseTools(request)) {
            return search.said(request, searching, text);
        }
        if (results.isEmpty()) {
            var cited = DocumentCitations.of(request);
            if (!cited.isEmpty()) {
                return new Said(cited, "end_turn", 0);
            }
        }
        var words = results.isEmpty() ? plain(request, text) : Wording.replyToResults(results);
        return new Said(List.of(text(Wording.stretch(words, hugeBytes))), "end_turn", 0);
    }

    private static boolean mayUseTools(AnthropicRequest request) {
        return !request.toolChoice().equals("none");
    }

    private static String plain(AnthropicRequest request, String text) {
        var schema = request.answerSchema();
        if (schema != null) {
            return Trees.write(Instances.of(schema, Hints.of(text)));
        }
        if (Trees.write(request.body().path("system")).contains("JSON object")) {
            return Trees.write(Trees.object().put("answer", Wording.shorten(text.strip())));
        }
        var last = request.lastTurn();
        boolean object = last != null && last.is("assistant") && last.text().endsWith("{");
        return object ? "\"answer\":\"simulated\"}" : Wording.reply(text);
    }

    private int think(AnthropicRequest request, List<ObjectNode> content) {
        var thought = "The user wants an answer, so let me think of a short one.";
        var display = Trees.string(request.body().path("thinking"), "display");
        boolean hidden =
                display == null
                        ? request.model().can(AnthropicModel.Skill.HIDDEN_THINKING)
                        : display.equals("omitted");
        var shown = hidden ? "" : thought;
        content.add(
                Trees.object()
                        .put("type", "thinking")
                        .put("thinking", shown)
                        .put("signature", seals.sign(request, shown)));
        if (lastUserText(request).contains("SIMULATE_REDACTED_THINKING")) {
            content.add(
                    Trees.object()
                            .put("type", "redacted_thinking")
                            .put("data", seals.redact(content.size())));
        }
        return Tokens.of(thought);
    }

    private static AnthropicAnswer refusal(List<ObjectNode> content, int thought) {
        content.add(text("I can not"));
        var details =
                Trees.object()
                        .put("type", "refusal")
                        .put("category", "general_harms")
                        .put("explanation", "The simulation was asked to refuse.");
        return new AnthropicAnswer(content, "refusal", null, details, thought, 0);
    }

    static ObjectNode text(String text) {
        return Trees.object().put("type", "text").put("text", text);
    }

    private List<ObjectNode> calls(AnthropicRequest request, String text) {
        var choice = request.body().path("tool_choice");
        var forced = request.toolChoice().equals("any") || request.toolChoice().equals("tool");
        var last = request.lastTurn();
        boolean open = last != null && !last.is("assistant");
        if (!mayUseTools(request) || !open || (!forced && !results(request).isEmpty())) {
            return List.of();
        }
        boolean parallel = !choice.path("disable_parallel_tool_use").asBoolean();
        var calls = new ArrayList<ObjectNode>();
        for (var tool : wanted(request, text, forced)) {
            for (var input : Wording.calls(text, tool.path("input_schema"), parallel)) {
                calls.add(call(tool, input));
            }
        }
        return !calls.isEmpty() && !parallel ? calls.subList(0, 1) : calls;
    }

    private ObjectNode call(JsonNode tool, JsonNode input) {
        var call =
                Trees.object()
                        .put("type", "tool_use")
                        .put("id", ids.next("toolu_"))
                        .put("name", tool.path("name").asText());
        call.set("input", input.isObject() ? input : Trees.object());
        return call;
    }

    private static List<JsonNode> wanted(AnthropicRequest request, String text, boolean forced) {
        var named = Trees.string(request.body().path("tool_choice"), "name");
        var usable =
                request.tools().stream()
                        .filter(tool -> !tool.path("defer_loading").asBoolean())
                        .filter(tool -> ToolRules.isCustom(tool) || isNamed(tool, named))
                        .toList();
        if (named != null) {
            return usable.stream().filter(tool -> isNamed(tool, named)).limit(1).toList();
        }
        var asked =
                usable.stream()
                        .filter(tool ->
                                Wording.asksFor(
                                        text,
                                        tool.path("name").asText(),
                                        tool.path("input_schema")))
                        .toList();
        return asked.isEmpty() && forced ? usable.stream().limit(1).toList() : asked;
    }

    private static boolean isNamed(JsonNode tool, @Nullable String name) {
        return name != null && name.equals(Trees.string(tool, "name"));
    }

    /** The texts of the results that the last user turn brings. */
    private static List<String> results(AnthropicRequest request) {
        var last = lastUser(request);
        if (last == null) {
            return List.of();
        }
        return last.ofType("tool_result").stream()
                .map(result -> resultText(result.node().path("content")))
                .toList();
    }

    private static String resultText(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        var texts = new ArrayList<String>();
        for (var part : content) {
            texts.add(Trees.string(part, "text", "a " + part.path("type").asText()));
        }
        return String.join(" ", texts);
    }

    static String lastUserText(AnthropicRequest request) {
        var last = lastUser(request);
        return last == null ? "" : last.text();
    }

    private static @Nullable Turn lastUser(AnthropicRequest request) {
        for (var turn : request.turns().reversed()) {
            if (turn.is("user")) {
                return turn;
            }
        }
        return null;
    }
}
