package dev.pillion.sidecar.simulate.openai;

import static dev.pillion.sidecar.simulate.openai.OpenAiModel.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.ModelTable;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Sampling;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Skill;
import dev.pillion.sidecar.simulate.openai.OpenAiModel.Tools;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of models, newest first (OpenAI documentation and probes, 2026-11-22). */
final class OpenAiModels {
    private static final int K128 = 128_000;

    /** Of 400,000 tokens and of 1,050,000 tokens 128,000 are kept for the answer. */
    private static final int K400 = 272_000;

    private static final int M1 = 922_000;
    private static final int OUT_16K = 16_384;
    private static final int OUT_128K = 128_000;
    private static final Skill[] CURRENT = {
        Skill.IMAGES,
        Skill.FILES,
        Skill.JSON_SCHEMA,
        Skill.TOOL_IMAGES,
        Skill.VERBOSITY,
        Skill.WEB_SEARCH
    };
    private static final Skill[] SIX = {
        Skill.EXPLICIT_CACHE, Skill.MAX_EFFORT, Skill.REASONING_MODE, Skill.PHASE
    };
    private static final Skill[] BEFORE = {
        Skill.IMAGES, Skill.FILES, Skill.JSON_SCHEMA, Skill.WEB_SEARCH
    };

    private static final List<OpenAiModel> ALL =
            List.of(
                    family("gpt-6-astra|gpt-6\\.1-sol", "gpt-6.1-sol", M1, OUT_128K)
                            .reasons("medium", Sampling.NEVER, "low", "medium", "high", "xhigh")
                            .tools(Tools.NEVER)
                            .can(CURRENT)
                            .can(SIX)
                            .cannot(Skill.STOP)
                            .row(),
                    family("gpt-6\\.2-(?:astra|sol)", "gpt-6.2-sol", M1, OUT_128K)
                            .reasons("medium", Sampling.NEVER, "low", "medium", "high", "xhigh")
                            .can(CURRENT)
                            .can(SIX)
                            .cannot(Skill.STOP)
                            .row(),
                    family("gpt-6-(?:sol|luna)|gpt-6\\.1-terra", "gpt-6-luna", M1, OUT_128K)
                            .reasons(
                                    "medium",
                                    Sampling.WITHOUT_REASONING,
                                    "none",
                                    "low",
                                    "medium",
                                    "high",
                                    "xhigh")
                            .tools(Tools.WITH_EXPLICIT_NONE)
                            .can(CURRENT)
                            .can(SIX)
                            .cannot(Skill.STOP)
                            .row(),
                    family("gpt-5\\.6(?:-(?:sol|terra|luna))?", "gpt-5.6-sol", M1, OUT_128K)
                            .reasons(
                                    "medium",
                                    Sampling.WITHOUT_REASONING,
                                    "none",
                                    "low",
                                    "medium",
                                    "high",
                                    "xhigh",
                                    "max")
                            .tools(Tools.WITH_EXPLICIT_NONE)
                            .can(CURRENT)
                            .can(SIX)
                            .row(),
                    family("gpt-5\\.5", "gpt-5.5", M1, OUT_128K)
                            .reasons("medium", Sampling.WITHOUT_REASONING, upTo("xhigh"))
                            .tools(Tools.UNLESS_EFFORT)
                            .can(CURRENT)
                            .can(Skill.PHASE)
                            .row(),
                    family("gpt-5\\.4", "gpt-5.4", M1, OUT_128K)
                            .reasons("none", Sampling.WITHOUT_REASONING, upTo("xhigh"))
                            .tools(Tools.UNLESS_EFFORT)
                            .can(CURRENT)
                            .can(Skill.PHASE)
                            .row(),
                    family("gpt-5\\.4-(?:mini|nano)", "gpt-5.4-mini", K400, OUT_128K)
                            .reasons("none", Sampling.WITHOUT_REASONING, upTo("xhigh"))
                            .tools(Tools.UNLESS_EFFORT)
                            .can(CURRENT)
                            .can(Skill.PHASE)
                            .row(),
                    family("gpt-5\\.[23]", "gpt-5.2", K400, OUT_128K)
                            .reasons("none", Sampling.WITHOUT_REASONING, upTo("xhigh"))
                            .can(CURRENT)
                            .row(),
                    family("gpt-5\\.1", "gpt-5.1", K400, OUT_128K)
                            .reasons("none", Sampling.WITHOUT_REASONING, upTo("high"))
                            .can(CURRENT)
                            .row(),
                    family("gpt-5(?:\\.\\d)?-chat-latest", "gpt-5-chat-latest", K400, OUT_128K)
                            .can(CURRENT)
                            .row(),
                    family("gpt-5(?:-mini|-nano)?", "gpt-5", K400, OUT_128K)
                            .reasons("medium", Sampling.NEVER, "minimal", "low", "medium", "high")
                            .can(CURRENT)
                            .cannot(Skill.STOP)
                            .row(),
                    family("gpt-5\\.[2-5]-pro", "gpt-5.5-pro", M1, OUT_128K)
                            .reasons("medium", Sampling.NEVER, "medium", "high", "xhigh")
                            .can(CURRENT)
                            .can(Skill.PHASE)
                            .cannot(Skill.CHAT)
                            .row(),
                    family("gpt-5-pro", "gpt-5-pro", K400, OUT_128K)
                            .reasons("high", Sampling.NEVER, "high")
                            .can(CURRENT)
                            .cannot(Skill.CHAT)
                            .row(),
                    family("gpt-5\\.[23]-codex", "gpt-5.3-codex", K400, OUT_128K)
                            .reasons("medium", Sampling.NEVER, "low", "medium", "high", "xhigh")
                            .can(CURRENT)
                            .can(Skill.PHASE)
                            .cannot(Skill.CHAT)
                            .row(),
                    family(
                                    "gpt-5(?:\\.1)?-codex.*|codex-.*|o3-pro|o1-pro|.*-deep-research",
                                    "o3-pro",
                                    K400,
                                    OUT_128K)
                            .reasons("medium", Sampling.NEVER, "low", "medium", "high")
                            .can(BEFORE)
                            .cannot(Skill.CHAT)
                            .row(),
                    family("o1-(?:mini|preview)", "o1-mini", K128, 65_536)
                            .reasons("medium", Sampling.NEVER, "medium")
                            .tools(Tools.NEVER)
                            .cannot(Skill.SYSTEM, Skill.JSON_OBJECT, Skill.STOP, Skill.RESPONSES)
                            .row(),
                    family("o1|o3-mini", "o3-mini", 200_000, 100_000)
                            .reasons("medium", Sampling.NEVER, "low", "medium", "high")
                            .can(Skill.IMAGES, Skill.FILES, Skill.JSON_SCHEMA)
                            .row(),
                    family("o3|o4-mini", "o3", 200_000, 100_000)
                            .reasons("medium", Sampling.NEVER, "low", "medium", "high")
                            .can(BEFORE)
                            .cannot(Skill.STOP)
                            .row(),
                    family("gpt-4\\.1(?:-mini|-nano)?", "gpt-4.1", 1_047_576, 32_768)
                            .can(BEFORE)
                            .row(),
                    family("gpt-4\\.5-preview", "gpt-4.5-preview", K128, OUT_16K)
                            .can(Skill.IMAGES, Skill.FILES, Skill.JSON_SCHEMA)
                            .row(),
                    family(
                                    "gpt-4o(?:-mini)?-search-preview|gpt-5-search-api",
                                    "gpt-4o-search-preview",
                                    K128,
                                    OUT_16K)
                            .tools(Tools.NEVER)
                            .can(Skill.SEARCH, Skill.JSON_SCHEMA)
                            .cannot(Skill.RESPONSES)
                            .row(),
                    family(
                                    "gpt-audio(?:-mini|-1\\.5)?|gpt-4o(?:-mini)?-audio-preview",
                                    "gpt-audio",
                                    K128,
                                    OUT_16K)
                            .can(Skill.AUDIO)
                            .cannot(Skill.RESPONSES)
                            .row(),
                    family("gpt-4o-mini", "gpt-4o-mini", K128, OUT_16K)
                            .snapshot("gpt-4o-mini-2024-07-18")
                            .can(BEFORE)
                            .row(),
                    family("gpt-4o|chatgpt-4o-latest", "gpt-4o", K128, OUT_16K)
                            .snapshot("gpt-4o-2024-08-06")
                            .can(BEFORE)
                            .row(),
                    family("gpt-4(?:-\\d{4})?-vision-preview", "gpt-4-vision-preview", K128, 4_096)
                            .can(Skill.IMAGES, Skill.BARE_IMAGE_URL)
                            .row(),
                    family(
                                    "gpt-4-turbo(?:-preview)?|gpt-4-\\d{4}-preview",
                                    "gpt-4-turbo", K128, 4_096)
                            .can(Skill.IMAGES)
                            .row(),
                    family("gpt-4-32k", "gpt-4-32k", 32_768, 32_768)
                            .cannot(Skill.JSON_OBJECT)
                            .row(),
                    family("gpt-4", "gpt-4", 8_192, 8_192)
                            .snapshot("gpt-4-0613")
                            .cannot(Skill.JSON_OBJECT)
                            .row(),
                    family("gpt-3\\.5-turbo(?:-16k)?", "gpt-3.5-turbo", 16_385, 4_096)
                            .snapshot("gpt-3.5-turbo-0125")
                            .row(),
                    family("ft:.+", "ft:gpt-4o-mini:acme::1", K128, OUT_16K)
                            .can(Skill.IMAGES, Skill.JSON_SCHEMA)
                            .row());

    /** For a server that speaks the format and serves models of its own. */
    static final OpenAiModel COMPATIBLE =
            family(".+", "a-model", K128, OUT_128K)
                    .can(Skill.IMAGES, Skill.FILES, Skill.JSON_SCHEMA, Skill.TOOL_IMAGES)
                    .row();

    private static final ModelTable<OpenAiModel> TABLE = new ModelTable<>(ALL);

    private OpenAiModels() {}

    private static String[] upTo(String highest) {
        var all = List.of("none", "low", "medium", "high", "xhigh");
        return all.subList(0, all.indexOf(highest) + 1).toArray(new String[0]);
    }

    static @Nullable OpenAiModel find(String id) {
        return TABLE.find(id);
    }

    static ObjectNode list() {
        var list = Trees.object().put("object", "list");
        var data = list.putArray("data");
        ALL.forEach(model -> data.add(describe(model.sample())));
        return list;
    }

    static ObjectNode describe(String id) {
        return Trees.object()
                .put("id", id)
                .put("object", "model")
                .put("created", 1_790_000_000)
                .put("owned_by", "openai");
    }
}
