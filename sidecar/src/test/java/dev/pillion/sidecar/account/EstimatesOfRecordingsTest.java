package dev.pillion.sidecar.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.adapters.CostFacts;
import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import dev.pillion.adapters.TokenPrior;
import dev.pillion.adapters.UsageWatch;
import dev.pillion.protocol.chat.Usage;
import dev.pillion.protocol.wire.Headers;
import dev.pillion.sidecar.simulate.kit.Corpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far off estimates of prompts are, on recorded exchanges; the figures go to the output. */
class EstimatesOfRecordingsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> ANSWERS =
            Set.of(
                    "messages",
                    "chat.completions",
                    "responses",
                    "generateContent",
                    "streamGenerateContent");

    /** What was estimated of a prompt, before and after others had been learned from. */
    private record Miss(double cold, double learned, boolean over) {}

    @ParameterizedTest
    @ValueSource(strings = {"openai", "anthropic", "gemini", "xai"})
    void estimatesComeCloserAndTheUpperOnesHold(String vendor) throws IOException {
        Provider format = Objects.requireNonNull(Providers.speaking(vendor));
        TokenPrior prior = format.tokenPrior(vendor);
        var estimator = new TokenEstimator();
        var cold = new TokenEstimator();
        var byFamily = new TreeMap<String, List<Miss>>();
        var over = new ArrayList<String>();
        double closest = Double.MAX_VALUE;
        for (Corpus.Exchange each : Corpus.of(vendor)) {
            Usage usage = usage(each, format, vendor);
            if (!ANSWERS.contains(each.endpoint()) || usage == null || usage.inputTokens() == 0) {
                continue;
            }
            byte[] body = each.body().toString().getBytes(StandardCharsets.UTF_8);
            CostFacts facts = CostFacts.of(body, vendor);
            if (!isOnePrompt(facts)) {
                continue;
            }
            String model = model(each);
            PromptSize size = PromptSize.of(body);
            long reported = usage.inputTokens();
            long hard = hard(facts, prior);
            boolean plain = facts.images() == 0 && facts.vendorTools() == 0;
            long most = plain ? estimator.input(model, prior, size, hard).atMost() : hard;
            if (reported > most) {
                over.add(each.id() + ": " + reported + " above " + most + " of " + size);
            }
            if (reported < size.leastTokens()) {
                over.add(each.id() + ": " + reported + " below the least of " + size);
            }
            closest = Math.min(closest, (double) reported / Math.max(1, size.leastTokens()));
            double first = off(cold.expected(model, prior, size), reported);
            double later = off(estimator.expected(model, prior, size), reported);
            byFamily.computeIfAbsent(family(model), _ -> new ArrayList<>())
                    .add(new Miss(first, later, reported > most));
            estimator.learn(model, prior, size, reported);
        }
        report(vendor, byFamily);
        System.out.printf("%s: at least %.2f times the least%n", vendor, closest);
        assertEquals(List.of(), over);
        List<Miss> all = byFamily.values().stream().flatMap(List::stream).toList();
        assertTrue(
                quantile(all, false, 0.5) < 0.2, () -> vendor + ": " + quantile(all, false, 0.5));
    }

    /** What lies elsewhere, and what the vendor adds by itself, has a bound of its own. */
    private static boolean isOnePrompt(CostFacts facts) {
        return facts.unbounded() == null
                && facts.unsized() == null
                && Objects.equals(facts.searches(), 0)
                && facts.calls() == 0
                && !facts.compacts();
    }

    private static long hard(CostFacts facts, TokenPrior prior) {
        return facts.textTokens()
                + prior.mostOverhead()
                + (long) facts.vendorTools() * prior.mostOfTool()
                + (long) facts.images() * prior.mostOfImage();
    }

    private static double off(long estimate, long reported) {
        return Math.abs((double) estimate - reported) / reported;
    }

    private static double quantile(List<Miss> errors, boolean cold, double share) {
        var sorted = new ArrayList<Double>();
        errors.forEach(each -> sorted.add(cold ? each.cold() : each.learned()));
        Collections.sort(sorted);
        return sorted.isEmpty()
                ? 0
                : sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
    }

    private static void report(String vendor, Map<String, List<Miss>> byFamily) {
        var all = new ArrayList<Miss>();
        byFamily.values().forEach(all::addAll);
        byFamily.forEach((family, errors) -> {
            if (errors.size() >= 20) {
                line(family, errors);
            }
        });
        line(vendor, all);
    }

    private static void line(String name, List<Miss> errors) {
        System.out.printf(
                "%-28s %5d prompts; cold p50 %5.1f %% p95 %5.1f %%; learned p50 %5.1f %% p95 %5.1f"
                        + " %%; above the bound %d%n",
                name,
                errors.size(),
                100 * quantile(errors, true, 0.5),
                100 * quantile(errors, true, 0.95),
                100 * quantile(errors, false, 0.5),
                100 * quantile(errors, false, 0.95),
                errors.stream().filter(Miss::over).count());
    }

    /** Without its size and date: {@code claude-sonnet-4-5-20250929} is one of claude-sonnet. */
    private static String family(String model) {
        return model.replaceFirst("[-@]?\\d.*$", "");
    }

    private static String model(Corpus.Exchange each) {
        String named = each.body().path("model").asText();
        if (!named.isEmpty()) {
            return named;
        }
        String last = each.path().substring(each.path().lastIndexOf('/') + 1);
        return last.replaceFirst(":.*", "");
    }

    private static Usage usage(Corpus.Exchange each, Provider format, String vendor)
            throws IOException {
        if (each.status() != 200 || !each.body().isObject()) {
            return null;
        }
        UsageWatch watch = format.usageWatch(vendor, Headers.NONE);
        JsonNode answer = each.response().path("body");
        if (answer.isArray()) {
            answer.forEach(watch::saw);
        } else if (answer.isObject()) {
            watch.saw(answer);
        }
        for (String line : each.response().path("body_text").asText().lines().toList()) {
            if (line.startsWith("data: {")) {
                watch.saw(MAPPER.readTree(line.substring(6)));
            }
        }
        return watch.usage();
    }
}
