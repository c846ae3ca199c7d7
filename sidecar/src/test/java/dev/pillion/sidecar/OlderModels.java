package dev.pillion.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.sidecar.config.ConfigReader;
import dev.pillion.sidecar.config.ModelConfig;
import dev.pillion.sidecar.config.Price;
import dev.pillion.sidecar.config.Prices;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Models that were recorded and that the catalog does not have any more, as a configuration writes
 * them, priced by a map of older prices; and all of them at a server of the house.
 */
final class OlderModels {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    /** What a configuration calls what the map calls otherwise. */
    private static final Map<String, String> RATES =
            Map.of(
                    "input", "input_cost_per_token",
                    "output", "output_cost_per_token",
                    "cached_input", "cache_read_input_token_cost",
                    "cache_write_5m", "cache_creation_input_token_cost",
                    "cache_write_1h", "cache_creation_input_token_cost_above_1hr",
                    "audio_input", "input_cost_per_audio_token",
                    "audio_output", "output_cost_per_audio_token");

    private static final String CAN =
            "can: [tools, parallel_tools, json, json_schema, vision, documents, audio, video,"
                    + " thinking, stream, websearch, prompt_cache], thinking: adaptive, efforts:"
                    + " [off, minimal, low, medium, high, xhigh, max]";

    private static final Pattern ANSWERED =
            Pattern.compile("\"(?:model|modelVersion)\": ?\"([^\"]+)\"");

    private final JsonNode map;
    private final Map<String, ModelConfig> catalog;

    OlderModels(JsonNode map) {
        this.map = map;
        catalog =
                Objects.requireNonNull(
                                ConfigReader.read(
                                                "providers: {openai: {keys: [{id: a, value: k}]}}")
                                        .config())
                        .models();
    }

    /** Where a recorded exchange on Chat Completions finds a server that speaks nothing else. */
    static String house(Recording chat) {
        return "house-" + chat.provider();
    }

    /**
     * The lines of {@code models}: those that the catalog does not have, and at the house all that
     * were asked for on Chat Completions.
     */
    String entries(Collection<Recording> recordings) {
        Map<String, String> entries = new TreeMap<>();
        for (Recording each : recordings) {
            String name = asked(each).isEmpty() ? answered(each) : asked(each);
            String price = name.isEmpty() ? null : price(each.provider(), name);
            price = price == null ? price(each.provider(), answered(each)) : price;
            if (name.isEmpty() || price == null) {
                continue;
            }
            if (known(each.provider(), name) == null) {
                add(entries, each.provider() + "/" + name, price, "");
            }
            if (each.endpoint().equals("chat.completions")) {
                add(entries, house(each) + "/" + name, price, ", refuses: [responses]");
            }
        }
        return "models:\n" + String.join("", entries.values());
    }

    private static void add(Map<String, String> entries, String id, String price, String refuses) {
        entries.put(id, "  - {id: \"" + id + "\", " + CAN + refuses + ", price: " + price + "}\n");
    }

    static String asked(Recording recording) {
        String path = recording.path();
        int at = path.indexOf("models/");
        return at < 0
                ? recording.requestBody().path("model").asText("")
                : path.substring(at + "models/".length()).replaceAll("[:/?].*", "");
    }

    /** The model that an answer names, in whichever of its parts. */
    static String answered(Recording recording) {
        String text = recording.isStream() ? recording.text() : recording.body().toString();
        Matcher named = ANSWERED.matcher(text);
        return named.find() ? named.group(1).replaceFirst("^models/", "") : "";
    }

    private ModelConfig known(String provider, String name) {
        for (ModelConfig model : catalog.values()) {
            if (model.provider().equals(provider)
                    && (model.vendorId().equals(name) || model.also().contains(name))) {
                return model;
            }
        }
        return null;
    }

    /** By the map; null where the catalog has it, or the map has not. */
    private String older(String provider, String name) {
        JsonNode row = map.path(provider + "/" + name);
        row = row.isObject() ? row : map.path(name);
        if (known(provider, name) != null || !row.has("input_cost_per_token")) {
            return null;
        }
        var text = new StringBuilder("{");
        for (var rate : new TreeMap<>(RATES).entrySet()) {
            JsonNode perToken = row.path(rate.getValue());
            if (perToken.isNumber()) {
                text.append(rate.getKey()).append(": ").append(perMillion(perToken)).append(", ");
            }
        }
        text.append(row.has("output_cost_per_token") ? "" : "output: 0, ");
        text.append(longPrompts(row));
        text.append(provider.equals("anthropic") ? "web_search_per_1k: 10, " : "");
        return text.substring(0, text.length() - 2) + "}";
    }

    private static String longPrompts(JsonNode row) {
        if (!row.has("input_cost_per_token_above_200k_tokens")) {
            return "";
        }
        var tier = new StringBuilder("tiers: [{above_input: 200000");
        for (var rate : new TreeMap<>(RATES).entrySet()) {
            JsonNode perToken = row.path(rate.getValue() + "_above_200k_tokens");
            if (perToken.isNumber()) {
                tier.append(", ").append(rate.getKey()).append(": ").append(perMillion(perToken));
            }
        }
        return tier + "}], ";
    }

    private static String perMillion(JsonNode perToken) {
        return perToken.decimalValue().multiply(MILLION).toPlainString();
    }

    /** By the catalog as it is today, else by the map. */
    private String price(String provider, String name) {
        ModelConfig known = known(provider, name);
        if (known == null) {
            return older(provider, name);
        }
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Price found = null;
        for (Price price : ((Prices.Dated) known.prices()).prices()) {
            found = price.from() == null || !price.from().isAfter(today) ? price : found;
        }
        return written(Objects.requireNonNull(found));
    }

    private static String written(Price price) {
        var text = new StringBuilder("{").append(rates(price.standard().rates()));
        tiers(text, price.standard().tiers());
        text.append(", service_tiers: {");
        price.serviceTiers()
                .forEach((name, band) -> {
                    text.append(name).append(": {").append(rates(band.rates()));
                    tiers(text, band.tiers());
                    text.append("}, ");
                });
        text.append("}");
        BigDecimal search = price.fees().webSearchPer1k();
        return text + (search == null ? "" : ", web_search_per_1k: " + search) + "}";
    }

    private static void tiers(StringBuilder text, List<Price.Tier> tiers) {
        text.append(", tiers: [");
        tiers.forEach(tier ->
                text.append("{above_input: ")
                        .append(tier.aboveInputTokens())
                        .append(", ")
                        .append(rates(tier.rates()))
                        .append("}, "));
        text.append("]");
    }

    private static String rates(Price.Rates rates) {
        return ("input: %s, output: %s, cached_input: %s, cache_write_5m: %s, cache_write_1h: %s,"
                        + " audio_input: %s, audio_output: %s")
                .formatted(
                        rates.input().toPlainString(),
                        rates.output().toPlainString(),
                        rates.cachedInput().toPlainString(),
                        rates.cacheWrite5m().toPlainString(),
                        rates.cacheWrite1h().toPlainString(),
                        rates.media().audioInput().toPlainString(),
                        rates.media().audioOutput().toPlainString());
    }
}
