package dev.pillion.sidecar.simulate.gemini;

import static dev.pillion.sidecar.simulate.gemini.GeminiModel.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.gemini.GeminiModel.Skill;
import dev.pillion.sidecar.simulate.kit.ModelTable;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of models, newest first (Google's documentation and recordings, 2026-11-22). */
final class GeminiModels {
    private static final String DATED =
            "(?:-latest|-exp)?(?:-preview)?(?:-\\d{2}-(?:\\d{2}|\\d{4}))?(?:-\\d{3,4})?";
    private static final Skill[] THREE = {
        Skill.SIGNED_CALLS,
        Skill.CALL_IDS,
        Skill.JSON_WITH_FUNCTIONS,
        Skill.SEARCH_WITH_FUNCTIONS,
        Skill.MEDIA_IN_RESULTS,
        Skill.PENALTIES
    };
    private static final int BUDGET_2_5 = 24_576;
    private static final int BUDGET_PRO = 32_768;

    private static final List<GeminiModel> ALL =
            List.of(
                    family("gemini-4-(?:argon|carbon)" + DATED, "gemini-4-argon")
                            .levels("LOW", "MEDIUM", "HIGH")
                            .can(THREE)
                            .can(Skill.CONTINUES)
                            .row(),
                    family("gemini-4-hydrogen" + DATED, "gemini-4-hydrogen")
                            .levels("LOW", "MEDIUM", "HIGH", "XHIGH")
                            .can(THREE)
                            .can(Skill.CONTINUES)
                            .row(),
                    family("gemini-3\\.[78]-flash" + DATED, "gemini-3.8-flash")
                            .levels("LOW", "MEDIUM", "HIGH")
                            .budget(1, BUDGET_PRO, false, 96)
                            .can(THREE)
                            .can(Skill.EXPLICIT_CACHE)
                            .row(),
                    family("gemini-3(?:\\.[1356])?-flash(?:-lite)?" + DATED, "gemini-3.5-flash")
                            .levels("MINIMAL", "LOW", "MEDIUM", "HIGH")
                            .budget(1, BUDGET_PRO, true, 96)
                            .can(THREE)
                            .can(Skill.EXPLICIT_CACHE)
                            .row(),
                    family("gemini-3(?:\\.1)?-pro" + DATED, "gemini-3.1-pro-preview")
                            .levels("LOW", "MEDIUM", "HIGH")
                            .budget(1, BUDGET_PRO, false, 96)
                            .can(THREE)
                            .can(Skill.EXPLICIT_CACHE)
                            .row(),
                    family("gemini-(?:flash|flash-lite|pro)-latest", "gemini-flash-latest")
                            .levels("LOW", "MEDIUM", "HIGH")
                            .budget(1, BUDGET_PRO, true, 96)
                            .can(THREE)
                            .can(Skill.EXPLICIT_CACHE, Skill.ONLY_BETA)
                            .row(),
                    family("gemini-2\\.5-pro" + DATED, "gemini-2.5-pro")
                            .budget(128, BUDGET_PRO, false, 96)
                            .minCachedTokens(2_048)
                            .can(Skill.EXPLICIT_CACHE, Skill.CANDIDATES)
                            .row(),
                    family("gemini-2\\.5-flash-lite" + DATED, "gemini-2.5-flash-lite")
                            .budget(512, BUDGET_2_5, true, 0)
                            .minCachedTokens(2_048)
                            .can(Skill.EXPLICIT_CACHE, Skill.CANDIDATES)
                            .row(),
                    family("gemini-2\\.5-flash" + DATED, "gemini-2.5-flash")
                            .budget(0, BUDGET_2_5, true, 96)
                            .minCachedTokens(2_048)
                            .can(Skill.EXPLICIT_CACHE, Skill.CANDIDATES)
                            .row(),
                    family("gemini-2\\.0-flash(?:-lite)?" + DATED, "gemini-2.0-flash")
                            .tokens(1_048_576, 8_192)
                            .can(Skill.PENALTIES, Skill.CANDIDATES)
                            .row(),
                    family("gemini-1\\.5-(?:flash(?:-8b)?|pro)" + DATED, "gemini-1.5-flash")
                            .tokens(1_048_576, 8_192)
                            .can(Skill.PENALTIES, Skill.CANDIDATES, Skill.OLD_SEARCH)
                            .row(),
                    family("gemini-embedding-2" + DATED, "gemini-embedding-2")
                            .tokens(8_192, 1)
                            .can(Skill.EMBED, Skill.EMBED_MEDIA)
                            .cannot(Skill.GENERATE)
                            .row(),
                    family("gemini-embedding-001", "gemini-embedding-001")
                            .tokens(2_048, 1)
                            .can(Skill.EMBED)
                            .cannot(Skill.GENERATE)
                            .row());

    private static final ModelTable<GeminiModel> TABLE = new ModelTable<>(ALL);

    private GeminiModels() {}

    static @Nullable GeminiModel find(String id) {
        return TABLE.find(id);
    }

    static ObjectNode list(boolean beta) {
        var list = Trees.object();
        var models = list.putArray("models");
        ALL.stream()
                .filter(model -> beta || !model.can(Skill.ONLY_BETA))
                .forEach(model -> models.add(describe(model.sample(), model)));
        return list;
    }

    static ObjectNode describe(String id, GeminiModel model) {
        var described =
                Trees.object()
                        .put("name", "models/" + id)
                        .put("version", "001")
                        .put("displayName", id)
                        .put("description", "Simulated " + id)
                        .put("inputTokenLimit", model.inputTokens())
                        .put("outputTokenLimit", model.outputTokens());
        var methods = described.putArray("supportedGenerationMethods");
        if (model.can(Skill.GENERATE)) {
            methods.add("generateContent").add("countTokens").add("batchGenerateContent");
            described.put("temperature", 1).put("topP", 0.95).put("topK", 64);
            described.put("maxTemperature", 2);
        } else {
            methods.add("embedContent").add("countTextTokens").add("countTokens");
        }
        if (model.can(Skill.THINK)) {
            described.put("thinking", true);
        }
        return described;
    }
}
