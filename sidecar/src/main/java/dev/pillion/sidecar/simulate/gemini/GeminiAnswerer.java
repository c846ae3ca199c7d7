package dev.pillion.sidecar.simulate.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.Hints;
import dev.pillion.sidecar.simulate.kit.Ids;
import dev.pillion.sidecar.simulate.kit.Instances;
import dev.pillion.sidecar.simulate.kit.ToolUse;
import dev.pillion.sidecar.simulate.kit.ToolUse.Choice;
import dev.pillion.sidecar.simulate.kit.ToolUse.Tool;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.kit.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The simulated model. Words that switch it, in what the user said last: {@code SIMULATE_REFUSAL}
 * (an answer stopped by SAFETY), {@code SIMULATE_CONTENT_FILTER} (a blocked prompt), {@code
 * SIMULATE_FINISH_REASON} and {@code SIMULATE_BLOCK_REASON} with a reason of the API in place of
 * {@code REASON}, {@code SIMULATE_CONTINUATION}.
 */
final class GeminiAnswerer {
    private static final Pattern FINISH = Pattern.compile("SIMULATE_FINISH_([A-Z_]+)");
    private static final Pattern BLOCK = Pattern.compile("SIMULATE_BLOCK_([A-Z_]+)");
    private static final Pattern CODE =
            Pattern.compile("\\b(?:code|python|calculate|compute)\\b", Pattern.CASE_INSENSITIVE);
    private static final Set<String> SAID_SOMETHING =
            Set.of("STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "SPII", "OTHER");
    private static final String THOUGHT =
            "**Weighing the question**\n\nI consider what is asked, and how to say it.\n\n\n";

    private final Ids ids;
    private final GeminiSeals seals;

    GeminiAnswerer(Ids ids, GeminiSeals seals) {
        this.ids = ids;
        this.seals = seals;
    }

    List<GeminiAnswer> answer(GeminiRequest request, int hugeBytes) {
        var answers = new ArrayList<GeminiAnswer>();
        int count = Math.max(1, request.config().path("candidateCount").asInt(1));
        for (int i = 0; i < count; i++) {
            answers.add(answer(request, i, hugeBytes));
        }
        return answers;
    }

    private GeminiAnswer answer(GeminiRequest request, int index, int hugeBytes) {
        var text = request.lastUserText();
        var block = BLOCK.matcher(text);
        if (block.find() || text.contains("SIMULATE_CONTENT_FILTER")) {
            var reason = block.reset().find() ? block.group(1) : "PROHIBITED_CONTENT";
            return new GeminiAnswer(List.of(), "", 0, 0, Trees.object(), reason);
        }
        var finish = FINISH.matcher(text);
        if (finish.find() || text.contains("SIMULATE_REFUSAL")) {
            return stopped(request, finish.reset().find() ? finish.group(1) : null);
        }
        var parts = new ArrayList<ObjectNode>();
        if (request.showsThoughts()) {
            parts.add(Trees.object().put("text", THOUGHT).put("thought", true));
        }
        var extra = Trees.object();
        int toolTokens = 0;
        var calls = calls(request, text);
        if (!calls.isEmpty()) {
            parts.addAll(calls);
        } else {
            toolTokens = serverTools(request, text, parts, extra);
            words(request, text, index, hugeBytes, parts, extra);
        }
        int thought = (int) Math.min(request.thoughtTokens(), request.maxTokens());
        var whole = new GeminiAnswer(parts, "STOP", thought, toolTokens, extra, null);
        return hugeBytes > 0 ? whole : Endings.of(whole, request, seals);
    }

    /** Ended by the vendor; {@code reason} null: for safety, before a word was said. */
    private GeminiAnswer stopped(GeminiRequest request, @Nullable String reason) {
        var parts = new ArrayList<ObjectNode>();
        if (reason != null && SAID_SOMETHING.contains(reason)) {
            parts.add(Trees.object().put("text", "It begins well, but"));
        }
        var extra = Trees.object();
        if (parts.isEmpty()) {
            extra.put("finishMessage", "The answer was stopped on demand.");
        }
        int thought = request.thoughtTokens();
        var why = reason == null ? "SAFETY" : reason;
        return new GeminiAnswer(parts, why, thought, 0, extra, null);
    }

    private List<ObjectNode> calls(GeminiRequest request, String text) {
        boolean forced = request.mode().equals("ANY");
        if (request.mode().equals("NONE") || (!forced && !request.results().isEmpty())) {
            return List.of();
        }
        var tools =
                request.functions().stream()
                        .map(f -> new Tool(f.path("name").asText(), GeminiRequest.parameters(f)))
                        .toList();
        var allowed =
                Trees.items(request.calling().get("allowedFunctionNames")).stream()
                        .map(JsonNode::asText)
                        .toList();
        return ToolUse.calls(tools, new Choice(forced, null, allowed, true), text).stream()
                .map(call -> call(request, call.tool().name(), Trees.own(call.input())))
                .toList();
    }

    private ObjectNode call(GeminiRequest request, String name, JsonNode args) {
        var part = Trees.object();
        var call = part.putObject("functionCall").put("name", name);
        if (!args.isEmpty()) {
            call.set("args", args);
        }
        if (request.model().can(Skill.CALL_IDS)) {
            call.put("id", ids.next("").substring(2, 10).toLowerCase(Locale.ROOT));
        }
        return part;
    }

    /** What the vendor's own tools do before the answer; the tokens that they add to the prompt. */
    private int serverTools(
            GeminiRequest request, String text, List<ObjectNode> parts, ObjectNode extra) {
        int tokens = 0;
        if (request.offers("codeExecution") && CODE.matcher(text).find()) {
            tokens += ServerTools.runCode(request, parts, ids);
        }
        if (request.offers("urlContext")) {
            tokens += ServerTools.readUrls(text, extra);
        }
        if (request.offers("googleSearch") && request.showsServerTools()) {
            ServerTools.showSearch(text, parts, ids);
        }
        return tokens;
    }

    private static void words(
            GeminiRequest request,
            String text,
            int index,
            int hugeBytes,
            List<ObjectNode> parts,
            ObjectNode extra) {
        if (request.offers("googleSearch") && !request.wantsJson()) {
            extra.set("groundingMetadata", ServerTools.grounding(text));
            parts.add(Trees.object().put("text", ServerTools.grounded(text)));
            return;
        }
        var said = plain(request, text) + (index == 0 ? "" : " (candidate " + index + ")");
        parts.add(Trees.object().put("text", Wording.stretch(said, hugeBytes)));
    }

    private static String plain(GeminiRequest request, String text) {
        var schema = request.schema();
        if (Trees.string(request.config(), "responseMimeType", "").equals("text/x.enum")) {
            return schema == null ? "none" : schema.path("enum").path(0).asText("none");
        }
        if (schema != null) {
            return Trees.write(Instances.of(schema, Hints.of(text)));
        }
        if (request.wantsJson()) {
            return Trees.write(Trees.object().put("answer", Wording.shorten(text.strip())));
        }
        var results =
                request.results().stream()
                        .map(part -> said(part.node().path("functionResponse").path("response")))
                        .toList();
        return results.isEmpty() ? Wording.reply(text) : Wording.replyToResults(results);
    }

    /** A function's result as the model reads it: its output or error, or all of it. */
    private static String said(JsonNode response) {
        for (var key : List.of("output", "result", "error")) {
            if (response.path(key).isTextual()) {
                return response.path(key).textValue();
            }
        }
        return Trees.write(response);
    }
}
