package dev.pillion.sidecar.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Json;
import dev.pillion.sidecar.rehearse.Report;
import dev.pillion.sidecar.rehearse.Simulation;
import dev.pillion.sidecar.rehearse.Spell;
import dev.pillion.sidecar.rehearse.Tally;
import dev.pillion.sidecar.rehearse.Tempo;
import dev.pillion.sidecar.rehearse.Weighing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** A simulation for programs: all that the table and the chart show, and more. */
final class SimulationJson {
    private static final int USD_PLACES = 6;

    private SimulationJson() {}

    static ObjectNode of(Simulation simulation, String name, List<SimulateCommand.Scene> scenes) {
        Simulation.Setting setting = simulation.setting();
        ObjectNode all =
                Json.object()
                        .put("config", name)
                        .put("class", setting.modelClass().wire())
                        .put("routed_by", SimulationWords.routed(simulation))
                        .put("seed", setting.seed())
                        .put("rate_per_second", rounded(setting.ratePerSecond(), 3))
                        .put("minutes", rounded(setting.minutes(), 3))
                        .put("prices_as_of", simulation.pricesAsOf().toString())
                        .put("speeds", SimulationWords.SPEEDS);
        models(simulation, all.putArray("models"));
        simulation.leftOut().forEach(all.putArray("without_key")::add);
        ArrayNode list = all.putArray("scenarios");
        scenes.forEach(scene -> list.add(scene(scene)));
        return all;
    }

    private static BigDecimal rounded(double value, int places) {
        return BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP);
    }

    private static void models(Simulation simulation, ArrayNode models) {
        for (int i = 0; i < simulation.models().size(); i++) {
            String id = simulation.models().get(i);
            Tempo tempo = simulation.tempos().get(i);
            models.addObject()
                    .put("model", id)
                    .put("first_ms", rounded(tempo.firstMillis(), 3))
                    .put("ms_per_1k_prompt_tokens", rounded(tempo.promptMillis(), 3))
                    .put("ms_per_token", rounded(tempo.tokenMillis(), 3))
                    .put("spread", rounded(tempo.spread(), 3))
                    .put("tempo", simulation.isGiven(id) ? "given" : "assumed");
        }
    }

    private static ObjectNode scene(SimulateCommand.Scene scene) {
        ObjectNode node =
                Json.object()
                        .put("scenario", scene.scenario().wire())
                        .put("text", scene.scenario().text());
        Report own = scene.own();
        ArrayNode weather = node.putArray("weather");
        for (int model = 0; model < own.models().size(); model++) {
            for (Spell spell : own.weather(model)) {
                weather.addObject()
                        .put("model", own.models().get(model))
                        .put("what", spell.kind().wire())
                        .put("amount", rounded(spell.amount(), 3))
                        .put("text", spell.text())
                        .put("from_s", rounded(spell.fromSeconds(), 3))
                        .put("to_s", rounded(spell.toSeconds(), 3));
            }
        }
        ArrayNode ways = node.putArray("ways");
        scene.reports().forEach(report -> ways.add(way(report)));
        return node;
    }

    private static ObjectNode way(Report report) {
        ObjectNode node =
                Json.object()
                        .put("way", SimulationWords.word(report.way()))
                        .put("text", SimulationWords.way(report.way()));
        node.set("total", tally(report.total()));
        ArrayNode models = node.putArray("models");
        for (int i = 0; i < report.models().size(); i++) {
            models.add(model(report, i));
        }
        ObjectNode regret = node.putObject("regret");
        ObjectNode oracle = node.putObject("oracle_regret");
        for (Weighing weighing : Weighing.values()) {
            regret.put(weighing.wire(), rounded(report.regret(weighing), 4));
            oracle.put(weighing.wire(), rounded(report.bestRegret(weighing), 4));
        }
        timeline(report, node.putArray("timeline"));
        return node;
    }

    private static ObjectNode model(Report report, int index) {
        Tally tally = report.ofModel(index);
        ObjectNode node = Json.object().put("model", report.models().get(index));
        node.put("share", share(tally, report.total()));
        return node.setAll(tally(tally));
    }

    private static BigDecimal share(Tally some, Tally all) {
        return rounded((double) some.requests() / Math.max(1, all.requests()), 4);
    }

    private static void timeline(Report report, ArrayNode timeline) {
        int slices = report.slices();
        for (int slice = 0; slice < slices; slice++) {
            Tally all = report.ofSlices(slice, slice + 1);
            ObjectNode node =
                    timeline.addObject()
                            .put("from_s", rounded(report.seconds() * slice / slices, 3))
                            .put("to_s", rounded(report.seconds() * (slice + 1) / slices, 3));
            node.setAll(tally(all));
            ObjectNode shares = node.putObject("shares");
            for (int i = 0; i < report.models().size(); i++) {
                Tally model = report.ofModel(i, slice, slice + 1);
                if (model.requests() > 0) {
                    shares.put(report.models().get(i), share(model, all));
                }
            }
        }
    }

    private static ObjectNode tally(Tally tally) {
        ObjectNode node =
                Json.object()
                        .put("requests", tally.requests())
                        .put("retried", tally.retried())
                        .put("failed", tally.failed())
                        .put("refused", tally.refused())
                        .put("unpriced", tally.unpriced());
        boolean priced = tally.unpriced() == 0 || tally.unpriced() < tally.requests();
        node.put("cost_usd", priced ? rounded(tally.usd(), USD_PLACES).toPlainString() : null);
        wait(node, "first_token_p50_ms", tally, 0.5);
        wait(node, "first_token_p99_ms", tally, 0.99);
        return node;
    }

    private static void wait(ObjectNode node, String field, Tally tally, double share) {
        node.put(field, tally.answered() == 0 ? null : rounded(tally.waitMillis(share), 1));
    }
}
