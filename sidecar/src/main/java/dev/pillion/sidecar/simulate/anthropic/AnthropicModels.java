package dev.pillion.sidecar.simulate.anthropic;

import static dev.pillion.sidecar.simulate.anthropic.AnthropicModel.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Forcing;
import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Sampling;
import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Skill;
import dev.pillion.sidecar.simulate.anthropic.AnthropicModel.Thinking;
import dev.pillion.sidecar.simulate.kit.ModelTable;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table of models, newest first (Anthropic documentation and Models API, 2026-11-22). */
final class AnthropicModels {
    private static final int K200 = 200_000;
    private static final int M1 = 1_000_000;
    private static final int OUT_64K = 64_000;
    private static final int OUT_128K = 128_000;
    private static final String[] FIVE = {"low", "medium", "high", "xhigh", "max"};
    private static final String[] FOUR = {"low", "medium", "high", "max"};
    private static final Skill[] VISION = {Skill.TOOLS, Skill.IMAGES};
    private static final Skill[] SERVING = {
        Skill.TOOLS, Skill.IMAGES, Skill.DOCUMENTS, Skill.SERVER_TOOLS
    };
    private static final Skill[] CURRENT = {
        Skill.TOOLS,
        Skill.IMAGES,
        Skill.DOCUMENTS,
        Skill.SERVER_TOOLS,
        Skill.DYNAMIC_FILTERING,
        Skill.STRUCTURED_OUTPUT,
        Skill.HIDDEN_THINKING
    };

    private static final List<AnthropicModel> ALL =
            List.of(
                    family("claude-(?:fable|mythos)-5-[12]", "claude-fable-5-2", M1, OUT_128K)
                            .cacheFrom(512)
                            .thinks(Thinking.ON, "adaptive")
                            .efforts("high", FIVE)
                            .forcing(Forcing.NEVER)
                            .sampling(Sampling.DEFAULTS_ONLY)
                            .can(CURRENT)
                            .can(Skill.SYSTEM_TURNS, Skill.BOUND_THINKING)
                            .row(),
                    family("claude-(?:fable|mythos)-5", "claude-fable-5", M1, OUT_128K)
                            .cacheFrom(512)
                            .thinks(Thinking.ON, "adaptive")
                            .efforts("high", FIVE)
                            .sampling(Sampling.DEFAULTS_ONLY)
                            .can(CURRENT)
                            .can(Skill.SYSTEM_TURNS)
                            .row(),
                    family("claude-opus-5-5", "claude-opus-5-5", M1, OUT_128K)
                            .cacheFrom(512)
                            .thinks(Thinking.ON, "adaptive")
                            .efforts("medium", FIVE)
                            .forcing(Forcing.NEVER)
                            .sampling(Sampling.DEFAULTS_ONLY)
                            .can(CURRENT)
                            .can(Skill.SYSTEM_TURNS, Skill.BOUND_THINKING)
                            .row(),
                    family("claude-sonnet-5-5", "claude-sonnet-5-5", M1, OUT_128K)
                            .cacheFrom(512)
                            .thinks(Thinking.ON, "adaptive", "between_tools")
                            .efforts("high", FIVE)
                            .forcing(Forcing.NEVER)
                            .sampling(Sampling.DEFAULTS_ONLY)
                            .can(CURRENT)
                            .can(Skill.SYSTEM_TURNS, Skill.BOUND_THINKING)
                            .row(),
                    family("claude-haiku-5-5", "claude-haiku-5-5", M1, OUT_128K)
                            .cacheFrom(512)
                            .thinks(Thinking.ON, "adaptive", "disabled")
                            .efforts("medium", FIVE)
                            .sampling(Sampling.DEFAULTS_ONLY)
                            .can(CURRENT)
                            .can(Skill.SYSTEM_TURNS)
                            .row(),
                    family("claude-opus-5(?:-0)?", "claude-opus-5", M1, OUT_128K)
                            .cacheFrom(512)
                            .thinks(Thinking.ON, "adaptive", "enabled", "disabled")
                            .efforts("high", FIVE)
                            .sampling(Sampling.DEFAULTS_ONLY)
                            .can(CURRENT)
                            .can(Skill.SYSTEM_TURNS)
                            .row(),
                    family("claude-sonnet-5(?:-0)?", "claude-sonnet-5", M1, OUT_128K)
                            .thinks(Thinking.ON, "adaptive", "disabled")
                            .efforts("high", FIVE)
                            .sampling(Sampling.DEFAULTS_ONLY)
                            .can(CURRENT)
                            .row(),
                    family("claude-opus-4-8", "claude-opus-4-8", M1, OUT_128K)
                            .thinks(Thinking.OFF, "adaptive", "disabled")
                            .efforts("high", FIVE)
                            .sampling(Sampling.DEFAULTS_ONLY)
                            .can(CURRENT)
                            .can(Skill.SYSTEM_TURNS)
                            .row(),
                    family("claude-opus-4-7", "claude-opus-4-7", M1, OUT_128K)
                            .cacheFrom(2_048)
                            .thinks(Thinking.OFF, "adaptive", "disabled")
                            .efforts("high", FIVE)
                            .sampling(Sampling.DEFAULTS_ONLY)
                            .can(CURRENT)
                            .row(),
                    family("claude-opus-4-6", "claude-opus-4-6", M1, OUT_128K)
                            .cacheFrom(4_096)
                            .thinks(Thinking.OFF, "adaptive", "enabled", "disabled")
                            .efforts("high", FOUR)
                            .sampling(Sampling.TEMPERATURE_OR_TOP_P)
                            .can(SERVING)
                            .can(Skill.DYNAMIC_FILTERING, Skill.STRUCTURED_OUTPUT)
                            .row(),
                    family("claude-sonnet-4-6", "claude-sonnet-4-6", M1, OUT_128K)
                            .thinks(Thinking.OFF, "adaptive", "enabled", "disabled")
                            .efforts("high", FOUR)
                            .sampling(Sampling.TEMPERATURE_OR_TOP_P)
                            .can(SERVING)
                            .can(Skill.DYNAMIC_FILTERING, Skill.STRUCTURED_OUTPUT)
                            .row(),
                    family("claude-opus-4-5", "claude-opus-4-5-20251101", K200, OUT_64K)
                            .cacheFrom(4_096)
                            .thinks(Thinking.OFF, "enabled", "disabled")
                            .efforts("high", "low", "medium", "high")
                            .sampling(Sampling.TEMPERATURE_OR_TOP_P)
                            .can(SERVING)
                            .can(Skill.STRUCTURED_OUTPUT, Skill.PREFILL, Skill.ASSISTANT_FIRST)
                            .row(),
                    family("claude-sonnet-4-5", "claude-sonnet-4-5-20250929", K200, OUT_64K)
                            .thinks(Thinking.OFF, "enabled", "disabled")
                            .sampling(Sampling.TEMPERATURE_OR_TOP_P)
                            .can(SERVING)
                            .can(Skill.STRUCTURED_OUTPUT, Skill.PREFILL, Skill.ASSISTANT_FIRST)
                            .row(),
                    family("claude-haiku-4-5", "claude-haiku-4-5-20251001", K200, OUT_64K)
                            .cacheFrom(4_096)
                            .thinks(Thinking.OFF, "enabled", "disabled")
                            .sampling(Sampling.TEMPERATURE_OR_TOP_P)
                            .can(SERVING)
                            .can(Skill.STRUCTURED_OUTPUT, Skill.PREFILL, Skill.ASSISTANT_FIRST)
                            .row(),
                    family("claude-opus-4-1", "claude-opus-4-1-20250805", K200, 32_000)
                            .thinks(Thinking.OFF, "enabled", "disabled")
                            .sampling(Sampling.TEMPERATURE_OR_TOP_P)
                            .can(SERVING)
                            .can(Skill.STRUCTURED_OUTPUT, Skill.PREFILL)
                            .row(),
                    family("claude-opus-4(?:-0)?", "claude-opus-4-20250514", K200, 32_000)
                            .thinks(Thinking.OFF, "enabled", "disabled")
                            .can(SERVING)
                            .can(Skill.PREFILL)
                            .row(),
                    family("claude-sonnet-4(?:-0)?", "claude-sonnet-4-20250514", K200, OUT_64K)
                            .thinks(Thinking.OFF, "enabled", "disabled")
                            .can(SERVING)
                            .can(Skill.PREFILL)
                            .row(),
                    family("claude-3-7-sonnet", "claude-3-7-sonnet-20250219", K200, OUT_128K)
                            .thinks(Thinking.OFF, "enabled", "disabled")
                            .can(SERVING)
                            .can(Skill.PREFILL)
                            .row(),
                    family("claude-3-5-(?:sonnet|haiku)", "claude-3-5-haiku-20241022", K200, 8_192)
                            .can(SERVING)
                            .can(Skill.PREFILL)
                            .row(),
                    family("claude-3-(?:opus|sonnet|haiku)", "claude-3-haiku-20240307", K200, 4_096)
                            .can(VISION)
                            .can(Skill.PREFILL, Skill.PAIRS_BY_COUNT)
                            .row(),
                    family(
                                    "claude-2(?:\\.[01])?|claude-instant-1(?:\\.\\d)?",
                                    "claude-2.1",
                                    K200,
                                    4_096)
                            .can(Skill.PREFILL)
                            .row());

    private static final ModelTable<AnthropicModel> TABLE = new ModelTable<>(ALL);

    private AnthropicModels() {}

    static @Nullable AnthropicModel find(String id) {
        return TABLE.find(id);
    }

    /** The answer to {@code GET /v1/models}; pages are not simulated, all models fit one. */
    static ObjectNode list() {
        var list = Trees.object();
        var data = list.putArray("data");
        ALL.forEach(model -> data.add(describe(model.sample(), model)));
        return list.put("has_more", false)
                .put("first_id", ALL.getFirst().sample())
                .put("last_id", ALL.getLast().sample());
    }

    static JsonNode describe(String id, AnthropicModel model) {
        var info = Trees.object();
        info.put("id", id).put("type", "model").put("display_name", display(id));
        info.put("created_at", "2026-01-01T00:00:00Z").put("lifecycle", "active");
        info.put("line", line(id)).put("max_input_tokens", model.contextTokens());
        info.put("max_tokens", model.maxOutputTokens());
        info.putNull("deprecated_at").putNull("retires_at");
        info.set("capabilities", capabilities(model));
        return info;
    }

    private static JsonNode capabilities(AnthropicModel model) {
        var can = Trees.object();
        can.set("image_input", supported(model.can(Skill.IMAGES)));
        can.set("pdf_input", supported(model.can(Skill.DOCUMENTS)));
        can.set("citations", supported(model.can(Skill.DOCUMENTS)));
        can.set("structured_outputs", supported(model.can(Skill.STRUCTURED_OUTPUT)));
        var effort = supported(!model.efforts().isEmpty());
        for (var level : FIVE) {
            effort.set(level, supported(model.efforts().contains(level)));
        }
        can.set("effort", effort);
        var types = Trees.object();
        for (var type : List.of("adaptive", "between_tools", "disabled", "enabled")) {
            types.set(type, supported(model.thinkingTypes().contains(type)));
        }
        can.set("thinking", supported(model.thinkingTypes().size() > 1).set("types", types));
        can.set("server_tools", supported(model.can(Skill.SERVER_TOOLS)));
        return can;
    }

    private static ObjectNode supported(boolean yes) {
        return Trees.object().put("supported", yes);
    }

    private static @Nullable String line(String id) {
        for (var line : List.of("haiku", "sonnet", "opus", "fable", "mythos")) {
            if (id.contains(line)) {
                return line;
            }
        }
        return null;
    }

    private static String display(String id) {
        var name = id.replaceFirst("-\\d{8}$", "").replace('-', ' ');
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
