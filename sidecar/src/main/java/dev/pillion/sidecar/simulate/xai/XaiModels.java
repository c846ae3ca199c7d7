package dev.pillion.sidecar.simulate.xai;

import static dev.pillion.sidecar.simulate.xai.XaiModel.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.ModelTable;
import dev.pillion.sidecar.simulate.kit.Trees;
import dev.pillion.sidecar.simulate.xai.XaiModel.Price;
import dev.pillion.sidecar.simulate.xai.XaiModel.Skill;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of models, newest first (xAI's price page of autumn 2026). */
final class XaiModels {
    private static final int K131 = 131_072;
    private static final int K256 = 256_000;
    private static final int K500 = 500_000;
    private static final int M1 = 1_000_000;
    private static final int M2 = 2_000_000;
    private static final Price FOUR_20 = Price.ofCents(125, 20, 250);

    private static final List<XaiModel> ALL =
            List.of(
                    model("grok-4\\.7|grok-latest", "grok-4.7", K500)
                            .efforts("high", "low", "medium", "high", "xhigh")
                            .can(Skill.ALWAYS_ENCRYPTED)
                            .row(),
                    model("grok-4\\.6", "grok-4.6", K500)
                            .efforts("high", "low", "medium", "high", "xhigh")
                            .row(),
                    model("grok-4\\.5", "grok-4.5", K500)
                            .efforts("high", "low", "medium", "high")
                            .costs(Price.ofCents(200, 30, 600))
                            .row(),
                    model("grok-4\\.3", "grok-4.3", M1)
                            .efforts("low", "none", "low", "medium", "high")
                            .costs(FOUR_20)
                            .row(),
                    model("grok-4\\.20(?:-0309)?-reasoning", "grok-4.20-0309-reasoning", M1)
                            .costs(FOUR_20)
                            .row(),
                    model("grok-4\\.20(?:-0309)?-non-reasoning", "grok-4.20-0309-non-reasoning", M1)
                            .costs(FOUR_20)
                            .cannot(Skill.REASONS)
                            .row(),
                    model("grok-4\\.20-multi-agent(?:-0309)?", "grok-4.20-multi-agent-0309", M1)
                            .efforts("low", "low", "medium", "high", "xhigh")
                            .costs(FOUR_20)
                            .cannot(Skill.CHAT, Skill.FUNCTIONS)
                            .row(),
                    model("grok-build-0\\.1", "grok-build-0.1", K256)
                            .costs(Price.ofCents(100, 20, 200))
                            .row(),
                    model("grok-4-(?:1-)?fast-non-reasoning.*", "grok-4-1-fast-non-reasoning", M2)
                            .costs(Price.ofCents(20, 5, 50))
                            .cannot(Skill.REASONS)
                            .can(Skill.RETIRED)
                            .row(),
                    model("grok-4-(?:1-)?fast(?:-reasoning)?.*", "grok-4-1-fast-reasoning", M2)
                            .costs(Price.ofCents(20, 5, 50))
                            .can(Skill.RETIRED)
                            .row(),
                    model("grok-4(?:-0709)?|grok-code-fast-1", "grok-4-0709", K256)
                            .can(Skill.RETIRED)
                            .row(),
                    model("grok-3-mini.*", "grok-3-mini", K131)
                            .efforts("low", "low", "medium", "high")
                            .costs(new Price(3_000, 750, 5_000))
                            .cannot(Skill.IMAGES)
                            .can(Skill.RETIRED, Skill.SHOWS_REASONING)
                            .row(),
                    model("grok-(?:2|3).*", "grok-2-1212", K131)
                            .cannot(Skill.REASONS)
                            .can(Skill.RETIRED)
                            .row());

    private static final ModelTable<XaiModel> TABLE = new ModelTable<>(ALL);

    private final boolean servesRetired;

    /**
     * @param servesRetired whether models that are shut down answer, as they once did
     */
    XaiModels(boolean servesRetired) {
        this.servesRetired = servesRetired;
    }

    @Nullable XaiModel find(String id) {
        var model = TABLE.find(id);
        boolean gone = model != null && model.can(Skill.RETIRED) && !servesRetired;
        return gone ? null : model;
    }

    ObjectNode list() {
        var list = Trees.object().put("object", "list");
        var data = list.putArray("data");
        ALL.stream()
                .filter(model -> !model.can(Skill.RETIRED))
                .forEach(model -> data.add(describe(model.sample())));
        return list;
    }

    static ObjectNode describe(String id) {
        return Trees.object()
                .put("id", id)
                .put("object", "model")
                .put("created", 1_790_000_000)
                .put("owned_by", "xai");
    }
}
