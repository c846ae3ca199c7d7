package dev.pillion.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final String KEYED = "providers: {anthropic: {keys: [{id: a, value: env:A}]}}\n";

    private static List<String> problems(String text) {
        var result = ConfigReader.read(text);
        assertEquals(result.problems().isEmpty(), result.config() != null, "no half results");
        return Documents.lines(result);
    }

    private static String only(String text) {
        List<String> lines = problems(text);
        assertEquals(1, lines.size(), lines::toString);
        return lines.getFirst();
    }

    @Test
    void everyFieldOfAFullDocumentArrives() {
        Config config = Documents.config(Documents.full());
        assertEquals(42, config.version());
        assertEquals(LocalDate.parse("2026-11-01"), config.pricesAsOf());
        ProviderConfig anthropic = Objects.requireNonNull(config.providers().get("anthropic"));
        assertEquals(new KeyLimits(4000L, 400000L, 80000L, 200L), anthropic.limits());
        assertEquals(Duration.ofHours(1), anthropic.timeouts().total());
        KeyConfig key = anthropic.keys().getFirst();
        assertEquals("a-2026-11", key.id());
        assertEquals(Instant.parse("2026-11-01T00:00:00Z"), key.notBefore());
        assertEquals(Instant.parse("2027-11-01T11:00:00Z"), key.notAfter());
        assertEquals(
                List.of(KeyConfig.State.ACTIVE, KeyConfig.State.DRAINING, KeyConfig.State.REVOKED),
                anthropic.keys().stream().map(KeyConfig::state).toList());
        assertEquals(3, config.routing().failover().maxAttempts());
        assertEquals(Duration.ofMillis(100), config.routing().failover().backoff().first());
        assertEquals(RoutingConfig.ExplicitModels.CLASS, config.routing().explicitModels());
        assertEquals(
                Set.of(1001L, 1002L),
                Objects.requireNonNull(config.callers().get("enrichment")).uids());
        assertEquals(InjectConfig.Engine.SEARXNG, Objects.requireNonNull(config.inject()).engine());
    }

    @Test
    void whatADocumentLeavesOutIsTheContractsDefault() {
        Config config = Documents.config(KEYED);
        Timeouts timeouts = Objects.requireNonNull(config.providers().get("anthropic")).timeouts();
        assertEquals(
                new Timeouts(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(20),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(20)),
                timeouts);
        assertEquals(4, config.routing().failover().maxAttempts());
        assertEquals(1, config.routing().failover().retriesPerProvider());
        assertEquals(Duration.ofSeconds(4), config.routing().failover().backoff().max());
        assertEquals(RoutingConfig.UnknownModels.REFUSE, config.routing().unknownModels());
        assertEquals(Set.of("anthropic", "openai", "xai", "gemini"), config.providers().keySet());
    }

    @Test
    void pricesAreDecimalsAndTiersInheritWhatTheyLeaveOut() {
        Config config = Documents.config(Documents.full());
        var model = Objects.requireNonNull(config.models().get("house-vllm/dear"));
        var dated = (Prices.Dated) model.prices();
        Price first = dated.prices().getFirst();
        assertNull(first.from());
        assertEquals(new BigDecimal("3.00"), first.standard().rates().input());
        assertEquals(new BigDecimal("3.00"), first.standard().ratesFor(200_000).input());
        assertEquals(new BigDecimal("6.00"), first.standard().ratesFor(200_001).input());
        Price.Rates last = first.standard().ratesFor(500_001);
        assertEquals(new BigDecimal("9"), last.input());
        assertEquals(new BigDecimal("15"), last.output());
        assertEquals(new BigDecimal("10.00"), first.fees().webSearchPer1k());
        var priority = Objects.requireNonNull(first.serviceTiers().get("priority"));
        assertEquals(new BigDecimal("12"), priority.ratesFor(300_000).input());
        assertEquals(LocalDate.parse("2026-12-01"), dated.prices().getLast().from());
        Price.Rates bare = dated.prices().getLast().standard().rates();
        assertEquals(new BigDecimal("4"), bare.cachedInput(), "no discount that nobody promised");
        assertEquals(new BigDecimal("4"), bare.cacheWrite1h());
    }

    @Test
    void aServiceTierIsSoManyTimesTheStandardRatesOrHasItsOwn() {
        String model =
                "providers: {h: {speaks: openai, base_url: http://h/v1}}\n"
                    + "models: [{id: h/m, price: {input: 3, output: 15, tiers: [{above_input: 9,"
                    + " input: 6}], service_tiers: {batch: {times: 0.5%s}}}}]";
        var config = Documents.config(model.formatted(""));
        var dated = (Prices.Dated) Objects.requireNonNull(config.models().get("h/m")).prices();
        Price.Band batch =
                Objects.requireNonNull(dated.prices().getFirst().serviceTiers().get("batch"));
        assertEquals(new BigDecimal("1.5"), batch.ratesFor(9).input());
        assertEquals(new BigDecimal("3.0"), batch.ratesFor(10).input());
        assertEquals(new BigDecimal("7.5"), batch.ratesFor(10).output());
        var both = ConfigReader.read(model.formatted(", input: 2"));
        assertTrue(
                Documents.lines(both).stream().anyMatch(line -> line.contains("either times or")),
                Documents.lines(both).toString());
    }

    @Test
    void aProvidersFactorIsOnTheTokensOfAllItsModelsAndOnNoFee() {
        var plain = Documents.config(KEYED);
        var dearer =
                Documents.config(KEYED.replace("anthropic: {", "anthropic: {price_factor: 1.1, "));
        String id = "anthropic/claude-haiku-5-5";
        Price before = first(plain, id);
        Price after = first(dearer, id);
        BigDecimal factor = new BigDecimal("1.1");
        for (long prompt : new long[] {1, 100_001}) {
            Price.Rates was = before.standard().ratesFor(prompt);
            Price.Rates is = after.standard().ratesFor(prompt);
            assertEquals(was.input().multiply(factor), is.input());
            assertEquals(was.cacheWrite1h().multiply(factor), is.cacheWrite1h());
            assertEquals(was.output().multiply(factor), is.output());
        }
        assertEquals(before.fees(), after.fees());
        assertEquals(first(plain, "openai/gpt-6-sol"), first(dearer, "openai/gpt-6-sol"));
    }

    private static Price first(Config config, String id) {
        var dated = (Prices.Dated) Objects.requireNonNull(config.models().get(id)).prices();
        return dated.prices().getFirst();
    }

    @Test
    void datedPricesAreSortedWhateverTheirOrder() {
        var config =
                Documents.config(
                        "providers: {h: {speaks: openai, base_url: http://h/v1}}\n"
                                + "models: [{id: h/m, price: [{from: 2026-12-01, input: 2, output:"
                                + " 2}, {from: 2026-01-01, input: 1, output: 1}]}]");
        var dated = (Prices.Dated) Objects.requireNonNull(config.models().get("h/m")).prices();
        assertEquals(
                List.of(LocalDate.parse("2026-01-01"), LocalDate.parse("2026-12-01")),
                dated.prices().stream().map(Price::from).toList());
    }

    @Test
    void anEntryForABuiltInModelChangesOnlyWhatItGives() {
        Config usual = Documents.config(KEYED);
        Config changed =
                Documents.config(
                        KEYED
                                + "models: [{id: anthropic/claude-sonnet-5-5, price: {input: 1,"
                                + " output: 2}}]");
        String id = "anthropic/claude-sonnet-5-5";
        var before = Objects.requireNonNull(usual.models().get(id));
        var after = Objects.requireNonNull(changed.models().get(id));
        assertEquals(before.traits(), after.traits());
        assertEquals(before.modelClass(), after.modelClass());
        assertEquals(1, ((Prices.Dated) after.prices()).prices().size());
        assertEquals(usual.models().size(), changed.models().size());
        assertEquals(
                usual.routing().classes().get(ModelClass.BALANCED),
                changed.routing().classes().get(ModelClass.BALANCED));
    }

    @Test
    void aNewModelJoinsItsClassAfterTheBuiltInOnes() {
        Config config =
                Documents.config(
                        KEYED + "models: [{id: anthropic/claude-next, class: fast, price: free}]");
        var fast = Objects.requireNonNull(config.routing().classes().get(ModelClass.FAST)).order();
        assertEquals("anthropic/claude-next", fast.getLast());
        assertTrue(fast.size() > 2);
    }

    @Test
    void jsonSaysTheSameAsYaml() throws IOException {
        String json = new ObjectMapper().writeValueAsString(Documents.tree(Documents.full()));
        assertEquals(
                Documents.config(Documents.full()).routing(), Documents.config(json).routing());
        assertEquals(
                Documents.config(Documents.full()).providers(), Documents.config(json).providers());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    providers: {anthropic: {keyz: []}} | providers.anthropic.keyz: unknown key, did you mean 'keys'?
                    providers: {anthropic: {limits: {rpm: -3}}} | providers.anthropic.limits.rpm: -3 (expected: >= 1)
                    providers: {anthropic: {limits: {rpm: 1.5}}} | providers.anthropic.limits.rpm: 1.5 (expected: a whole number >= 1)
                    providers: {anthropic: {limits: {rpm: '5'}}} | providers.anthropic.limits.rpm: 5 (expected: a whole number >= 1)
                    providers: {anthropic: {limits: [1]}} | providers.anthropic.limits: a list (expected: a mapping)
                    providers: {anthropic: {timeouts: {idle: 60}}} | providers.anthropic.timeouts.idle: 60 (expected: a duration such as 250ms, 2s, 10m or 1h)
                    providers: {anthropic: {speaks: openai}} | providers.anthropic.speaks: openai (expected: anthropic, as that provider does)
                    providers: {openai: {base_url: 'https://api.openai.com/v1/'}} | providers.openai.base_url: https://api.openai.com/v1/ (expected: the address without the API version, as in https://api.openai.com)
                    providers: {openai: {base_url: 'ftp://x'}} | providers.openai.base_url: ftp://x (expected: http(s)://HOST[:PORT][/PATH], without user, query or fragment)
                    providers: {house: {base_url: 'http://h/v1'}} | providers.house.speaks: missing (expected: anthropic, openai, xai or gemini)
                    providers: {house: {speaks: openai}} | providers.house.base_url: missing (expected: http(s)://HOST…)
                    providers: {v1: {}} | providers.v1: not a provider's name (expected: lower-case letters, digits and -, and not the first step of a path that Pillion serves itself)
                    providers: {xai: {keys: [{id: a, value: 'env:'}]}} | providers.xai.keys[0].value: env: and no variable's name (expected: env:NAME)
                    providers: {xai: {keys: [{id: a, value: 'file:x'}]}} | providers.xai.keys[0].value: file: and no absolute path (expected: file:/path)
                    providers: {xai: {keys: [{value: 'env:A'}]}} | providers.xai.keys[0].id: missing (expected: a name for logs and headers)
                    providers: {xai: {keys: [{id: a, value: 'env:A', not_before: 2026-11-02, not_after: 2026-11-01}]}} | providers.xai.keys[0].not_after: 2026-11-01 (expected: later than not_before)
                    providers: {xai: {keys: [{id: a, value: 'env:A', not_before: '2026-11-02T01:00:00'}]}} | providers.xai.keys[0].not_before: 2026-11-02T01:00:00 (expected: a date such as 2026-11-01, or a time such as 2026-11-01T12:00:00Z)
                    models: [{id: claude-sonnet-5-5, price: free}] | models[0].id: claude-sonnet-5-5 (expected: provider/id), did you mean 'anthropic/claude-sonnet-5-5'?
                    models: [{id: openay/x, price: free}] | models[0].id: openay/x (expected: provider/id with a known provider), did you mean 'openai'?
                    models: [{id: openai/new}] | models[0].price: missing (expected: a price, a list of dated prices, or free)
                    models: [{id: openai/new, price: gratis}] | models[0].price: gratis (expected: a price, a list of dated prices, or free)
                    models: [{id: openai/new, price: {input: 1}}] | models[0].price.output: missing (expected: USD per million tokens)
                    models: [{id: openai/new, price: []}] | models[0].price: a list (expected: at least one price)
                    models: [{id: openai/new, price: [{input: 1, output: 1}, {input: 2, output: 2}]}] | models[0].price[1]: a mapping (expected: another from than the other prices)
                    models: [{id: openai/new, price: {input: -1, output: 1}}] | models[0].price.input: -1 (expected: a decimal number >= 0)
                    models: [{id: openai/new, price: {input: .inf, output: 1}}] | models[0].price.input: .inf (expected: a decimal number >= 0)
                    models: [{id: openai/new, price: {input: 1, output: 1, from: 2026-02-30}}] | models[0].price.from: 2026-02-30 (expected: a date such as 2026-11-01)
                    models: [{id: openai/new, price: {input: 1, output: 1, tiers: [{above_input: 9, input: 2}, {above_input: 5, input: 3}]}}] | models[0].price.tiers[1].above_input: 5 (expected: more than the tier before, 9)
                    models: [{id: openai/new, price: free}, {id: openai/new, price: free}] | models[1]: openai/new (expected: each model once)
                    models: [{id: openai/new, price: free, also: [gpt-6-sol]}] | models[0]: gpt-6-sol (expected: an id that openai/gpt-6-sol does not have already)
                    models: [{id: openai/new, price: free, fallbacks: [openai/new]}] | models[0].fallbacks[0]: openai/new (expected: another model than the one that it stands in for)
                    models: [{id: openai/new, price: free, thinking: none, can: [thinking]}] | models[0].thinking: none (expected: not none, since can lists thinking)
                    models: [{id: openai/new, price: free, context: 10, max_output: 11}] | models[0].max_output: 11 (expected: at most context, 10)
                    models: [{id: openai/new, price: free, can: [embeddings], class: fast}] | models[0].class: fast (expected: no class, since it makes embeddings and no answers)
                    models: [{id: openai/new, price: free, can: [embeddings], fallbacks: [openai/gpt-4o]}] | models[0].fallbacks: a list (expected: none, since embeddings never change model)
                    models: [{id: openai/new, price: free, can: [toolz]}] | models[0].can[0]: toolz (expected: tools, parallel_tools, json, json_schema, websearch, vision, documents, audio, video, thinking, stream, prompt_cache or embeddings), did you mean 'tools'?
                    models: [{id: anthropic/claude-haiku-5-5, price: null}] | models[0].price: missing (expected: a price, a list of dated prices, or free)
                    aliases: {a: [anthropic/claude-sonet-5-5]} | aliases.a[0]: anthropic/claude-sonet-5-5 (expected: a model's id), did you mean 'anthropic/claude-sonnet-5-5', 'anthropic/claude-sonnet-4-5' or 'anthropic/claude-sonnet-4-6'?
                    aliases: {a: []} | aliases.a: a list (expected: at least one model)
                    aliases: {a: class:fast} | aliases.a: class:fast (expected: a list of models, or {class: …, needs: […]})
                    aliases: {a: {needs: [vision]}} | aliases.a.class: missing (expected: fast, balanced or frontier)
                    aliases: {a/b: [gpt-6-sol]} | aliases.'a/b': not an alias's name (expected: letters, digits and . _ @ + -, at most 100 long)
                    callers: {c: {uids: [1, 1]}} | callers.c.uids[1]: 1 (expected: each uid once)
                    callers: {c: {allow: {providers: [opnai]}}} | callers.c.allow.providers[0]: opnai (expected: a provider's name), did you mean 'openai'?
                    callers: {c: {allow: {classes: [slow]}}} | callers.c.allow.classes[0]: slow (expected: fast, balanced or frontier)
                    callers: {c: {budget_usd_per_day: -0.01}} | callers.c.budget_usd_per_day: -0.01 (expected: a decimal number >= 0)
                    routing: {classes: {quick: {}}} | routing.classes.quick: unknown key (expected: fast, balanced or frontier)
                    routing: {classes: {fast: {order: [gpt-6-luna, openai/gpt-6-luna]}}} | routing.classes.fast.order[1]: openai/gpt-6-luna (expected: each model once)
                    routing: {classes: {fast: {order: [gpt-6-luna], weights: {}}}} | routing.classes.fast.weights: order and weights (expected: one of the two)
                    routing: {unknown_models: maybe} | routing.unknown_models: maybe (expected: refuse or allow)
                    routing: {failover: {max_attempts: 0}} | routing.failover.max_attempts: 0 (expected: 1 to 20)
                    routing: {failover: {backoff: {first: 5s, max: 1s}}} | routing.failover.backoff.max: 1s (expected: max not below first)
                    websearch: {inject: {engine: brave}} | websearch.inject.key: missing (expected: the key of that engine)
                    websearch: {inject: {engine: searxng}} | websearch.inject.base_url: missing (expected: where the SearXNG serves)
                    websearch: {inject: {engine: bing, key: 'env:A'}} | websearch.inject.engine: bing (expected: searxng, brave or tavily)
                    version: -1 | version: -1 (expected: >= 0)
                    prices_as_of: soon | prices_as_of: soon (expected: a date such as 2026-11-01)
                    """)
    void aProblemNamesItsPlaceItsValueAndWhatWasExpected(String text, String expected) {
        String document = text.startsWith("providers:") ? text : KEYED + text;
        assertEquals(expected, only(document));
    }

    @Test
    void allProblemsComeTogetherWithTheirLines() {
        var result =
                ConfigReader.read(
                        """
                        version: x
                        providers:
                          anthropic:
                            limits: {rpm: 0}
                        routing:
                          unknown_model: allow
                        """);
        assertEquals(
                List.of(
                        "f.yaml:1: version: x (expected: a whole number >= 0)",
                        "f.yaml:4: providers.anthropic.limits.rpm: 0 (expected: >= 1)",
                        "f.yaml:6: routing.unknown_model: unknown key, did you mean"
                                + " 'unknown_models'?"),
                result.problems().stream().map(p -> p.text("f.yaml")).toList());
        assertNull(result.config());
    }

    @Test
    void f54ADuplicateKeyIsRefusedInYamlAndInJson() {
        assertEquals("version: duplicate key", only("version: 1\nversion: 2\n" + KEYED));
        assertEquals(
                "providers.xai: duplicate key",
                only(
                        "{\"providers\":{\"xai\":{\"keys\":[{\"id\":\"a\",\"value\":\"env:A\"}]},"
                                + "\"xai\":{}}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai/../secret",
                "openai/%2e%2e",
                "openai//x",
                "openai/x y",
                "openai/x?y",
                "openai/x\\y",
                "openai/",
                "/x",
                "openai/x#y"
            })
    void f54AModelIdWithAPathTrickIsRefused(String id) {
        String line = only(KEYED + "models: [{id: '" + id + "', price: free}]");
        assertTrue(line.startsWith("models[0].id: "), line);
    }

    @Test
    void f54AModelIdIsAtMost200Long() {
        String longest = "openai/" + "x".repeat(193);
        assertEquals(List.of(), problems(KEYED + "models: [{id: " + longest + ", price: free}]"));
        assertTrue(
                only(KEYED + "models: [{id: " + longest + "y, price: free}]")
                        .startsWith("models[0].id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "# nothing\n", "[]", "text", "3", "null"})
    void aTextThatIsNoMappingIsOneProblem(String text) {
        assertTrue(only(text).startsWith("(document): "), only(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "providers: [",
                "{\"version\": 1",
                "{\"version\": 1} x",
                "a: b: c",
                "\tversion: 1",
                "version: *nobody",
                "!!java/object {}",
                "? [a]\n: b",
                "--- 1\n--- 2\n"
            })
    void aTextThatIsNoDocumentIsOneProblem(String text) {
        assertTrue(only(text).startsWith("(document): "), only(text));
    }

    @Test
    void f54ADeepOrSwellingDocumentIsRefused() {
        String deep = "a: " + "[".repeat(2000) + "]".repeat(2000);
        assertTrue(only(deep).startsWith("(document): "), only(deep));
        var bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 120; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertTrue(only(bomb.toString()).startsWith("(document): "));
        assertTrue(only("a: &a [*a]").startsWith("(document): "));
    }

    @Test
    void anchorsMaySaveWriting() {
        Config config =
                Documents.config(
                        """
                        providers:
                          anthropic: {keys: [{id: a, value: env:A}], timeouts: &slow {idle: 5m}}
                          openai: {timeouts: *slow}
                        """);
        assertEquals(
                Duration.ofMinutes(5),
                Objects.requireNonNull(config.providers().get("openai")).timeouts().idle());
    }

    @Test
    void f50AValueThatMayBeASecretIsNeverShown() {
        String secret = "sk-ant-api03-CANARYcanary0123456789";
        for (String text :
                List.of(
                        "providers: {anthropic: {keys: [{id: %s, value: x}]}}",
                        "providers: {anthropic: {keys: [{id: a, value: '%s with space'}]}}",
                        "providers: {anthropic: {keys: [{id: a, value: [%s]}]}}",
                        "providers: {anthropic: {keys: [{id: a, values: %s}]}}",
                        "providers: {anthropic: {keys: [{id: a, weight: %s, value: x}]}}",
                        "providers: {anthropic: {keys: [{id: a, state: %s, value: x}]}}",
                        "providers: {anthropic: {base_url: 'http://u:%s@h/'}}",
                        "providers: {anthropic: {'%s': 1}}",
                        "providers: {'%s': {}}",
                        "models: [{id: '%s', price: free}]",
                        "aliases: {a: ['%s']}",
                        "%s",
                        "{\"a\": %s}",
                        "a: '%s",
                        "a: *%s")) {
            var result = ConfigReader.read(text.formatted(secret));
            assertFalse(result.problems().isEmpty(), text);
            assertFalse(Documents.lines(result).toString().contains("CANARY"), text);
        }
        Config config =
                Documents.config(
                        "providers: {anthropic: {keys: [{id: a, value: " + secret + "}]}}");
        assertFalse(config.toString().contains("CANARY"));
    }

    @Test
    void keysWithoutAFunctionYetAreNamedInOneWarning() {
        var result = ConfigReader.read(Documents.full());
        assertEquals(1, result.warnings().stream().filter(w -> w.contains("effect")).count());
        String line = result.warnings().getFirst();
        Pending.KEYS.forEach(key -> assertTrue(line.contains(key), key));
        assertEquals(List.of(), ConfigReader.read(KEYED).warnings());
    }

    @Test
    void everyPendingKeyIsAKeyOfTheDocument() {
        var known = new HashSet<String>();
        for (Shape shape : Shape.values()) {
            shape.keys().forEach(key -> known.add(shape.pattern(key)));
        }
        assertTrue(known.containsAll(Pending.KEYS));
    }

    @Test
    void aProviderWithoutAKeyIsNamedInAWarning() {
        var result = ConfigReader.read(KEYED.replace("}}\n", "}, openai: {}}\n"));
        assertEquals(
                List.of("providers.openai: no usable key, so nobody is served"), result.warnings());
    }

    @Test
    void aDocumentThatServesNobodyIsRefused() {
        assertEquals(
                "providers: none has a key (expected: at least one provider with keys)",
                only("version: 1"));
    }

    @Test
    void f52ARefusedDocumentGivesNoConfigAtAll() {
        var result =
                ConfigReader.read(Documents.full().replace("max_attempts: 3", "max_attempts: 0"));
        assertNull(result.config());
        assertEquals(1, result.problems().size());
    }

    @Test
    void aFileThatIsNotThereOrNotTextIsOneProblem(@TempDir Path dir) throws IOException {
        assertEquals(
                List.of("(document): there is no such file"),
                Documents.lines(ConfigReader.read(dir.resolve("none.yaml"))));
        Path binary = Files.write(dir.resolve("bad.yaml"), new byte[] {'a', ':', (byte) 0xff});
        assertEquals(List.of("(document): not UTF-8"), Documents.lines(ConfigReader.read(binary)));
        assertEquals(List.of("(document): can't be read"), Documents.lines(ConfigReader.read(dir)));
    }
}
