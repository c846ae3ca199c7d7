package dev.pillion.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private static final String DOCUMENT =
            """
            providers:
              anthropic: {keys: [{id: a, value: env:A}]}
              openai: {keys: [{id: o, value: env:O}]}
              house: {speaks: openai, base_url: http://127.0.0.1:8000/v1}
            models:
              - {id: house/Qwen/Qwen3-8B, class: fast, price: free}
              - {id: house/gpt-6-sol, price: free}
              - id: anthropic/claude-opus-5-5
                fallbacks: [gemini/gemini-4-carbon, openai/gpt-6.2-sol]
            aliases:
              reader: [gemini/gemini-4-carbon, claude-sonnet-5-5]
              eyes: {class: balanced, needs: [vision]}
              gpt-4o: [claude-haiku-5-5]
            """;

    private static Snapshot snapshot(String document) {
        var secrets = new SecretSource(Map.of("A", "secret-a", "O", "secret-o"));
        var activation = Snapshot.activate(Documents.config(document), secrets, NOW);
        assertEquals(List.of(), activation.problems());
        return Objects.requireNonNull(activation.snapshot());
    }

    private static List<String> ids(List<ModelConfig> models) {
        return models.stream().map(ModelConfig::id).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "claude-haiku-4-5, anthropic/claude-haiku-4-5, claude-haiku-4-5",
        "anthropic/claude-haiku-4-5, anthropic/claude-haiku-4-5, claude-haiku-4-5",
        "claude-haiku-4-5-20251001, anthropic/claude-haiku-4-5, claude-haiku-4-5-20251001",
        "anthropic/claude-haiku-4-5-20251001, anthropic/claude-haiku-4-5,"
                + " claude-haiku-4-5-20251001",
        "house/Qwen/Qwen3-8B, house/Qwen/Qwen3-8B, Qwen/Qwen3-8B",
        "Qwen/Qwen3-8B, house/Qwen/Qwen3-8B, Qwen/Qwen3-8B",
        "gpt-6-sol, openai/gpt-6-sol, gpt-6-sol",
        "house/gpt-6-sol, house/gpt-6-sol, gpt-6-sol"
    })
    void aModelIsFoundByAnyOfItsIdsAndSentByTheOneAsked(String name, String id, String vendorId) {
        var named = assertInstanceOf(Resolved.Named.class, snapshot(DOCUMENT).resolve(name));
        assertEquals(id, named.model().id());
        assertEquals(vendorId, named.model().vendorId());
        assertEquals(vendorId, named.model().traits().id());
    }

    @Test
    void aClassIsItsModelsWhoseProvidersHaveKeys() {
        var fast =
                assertInstanceOf(Resolved.OfClass.class, snapshot(DOCUMENT).resolve("class:fast"));
        assertEquals(ModelClass.FAST, fast.modelClass());
        assertEquals(
                List.of(
                        "anthropic/claude-haiku-5-5",
                        "openai/gpt-6-luna",
                        "anthropic/claude-haiku-4-5",
                        "openai/gpt-5.6-luna",
                        "house/Qwen/Qwen3-8B"),
                ids(fast.models()));
    }

    @Test
    void anAliasIsAListOrAClassWithNeeds() {
        var snapshot = snapshot(DOCUMENT);
        var reader = assertInstanceOf(Resolved.Alias.class, snapshot.resolve("reader"));
        assertEquals(List.of("anthropic/claude-sonnet-5-5"), ids(reader.models()));
        var eyes = assertInstanceOf(Resolved.Alias.class, snapshot.resolve("eyes"));
        assertEquals(ModelClass.BALANCED, eyes.modelClass());
        assertEquals(Set.of(Capability.VISION), eyes.needs());
        assertFalse(eyes.models().isEmpty());
    }

    @Test
    void anAliasHidesAVendorsIdButNotTheQualifiedOne() {
        var snapshot = snapshot(DOCUMENT);
        var alias = assertInstanceOf(Resolved.Alias.class, snapshot.resolve("gpt-4o"));
        assertEquals(List.of("anthropic/claude-haiku-5-5"), ids(alias.models()));
        assertInstanceOf(Resolved.Named.class, snapshot.resolve("openai/gpt-4o"));
    }

    @Test
    void fallbacksAreThoseThatCanBeCalled() {
        var snapshot = snapshot(DOCUMENT);
        var named = assertInstanceOf(Resolved.Named.class, snapshot.resolve("claude-opus-5-5"));
        assertEquals(List.of("openai/gpt-6.2-sol"), ids(snapshot.fallbacksOf(named.model())));
        assertEquals(List.of(), snapshot.peersOf(named.model()));
        var open = snapshot(DOCUMENT + "routing: {explicit_models: class}\n");
        List<String> peers = ids(open.peersOf(named.model()));
        assertTrue(peers.contains("openai/gpt-6.2-sol"));
        assertFalse(peers.contains("anthropic/claude-opus-5-5"));
    }

    @Test
    void aKnownModelWithoutAKeyIsNamedButHasNoUpstream() {
        var snapshot = snapshot(DOCUMENT);
        var named = assertInstanceOf(Resolved.Named.class, snapshot.resolve("grok-4.7"));
        assertNull(snapshot.upstreamOf(named.model()));
    }

    @Test
    void anUnknownIdComesWithTheNearestKnownOnes() {
        var unknown =
                assertInstanceOf(
                        Resolved.Unknown.class, snapshot(DOCUMENT).resolve("claude-haiku-5.5"));
        assertEquals(3, unknown.nearest().size());
        assertEquals("claude-haiku-5-5", unknown.nearest().getFirst());
        var aliased = assertInstanceOf(Resolved.Unknown.class, snapshot(DOCUMENT).resolve("readr"));
        assertEquals("reader", aliased.nearest().getFirst());
        var named =
                assertInstanceOf(Resolved.Unknown.class, snapshot(DOCUMENT).resolve("class:fats"));
        assertEquals("class:fast", named.nearest().getFirst());
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-7, openai/gpt-7",
        "claude-next, anthropic/claude-next",
        "house/some/model, house/some/model",
        "o9-mini, openai/o9-mini"
    })
    void anUnlistedIdGoesToTheVendorThatItsNameTellsWhereAllowed(String name, String id) {
        var open = snapshot(DOCUMENT + "routing: {unknown_models: allow}\n");
        var unlisted = assertInstanceOf(Resolved.Unlisted.class, open.resolve(name));
        assertEquals(id, unlisted.model().id());
        assertInstanceOf(Prices.Unknown.class, unlisted.model().prices());
        assertInstanceOf(Resolved.Unknown.class, snapshot(DOCUMENT).resolve(name));
    }

    @Test
    void anUnlistedIdThatTellsNothingGoesToTheSurfacesVendor() {
        var open = snapshot(DOCUMENT + "routing: {unknown_models: allow}\n");
        var unlisted =
                assertInstanceOf(Resolved.Unlisted.class, open.resolve("mystery", "anthropic"));
        assertEquals("anthropic", unlisted.model().provider());
        assertInstanceOf(Resolved.Unknown.class, open.resolve("mystery"));
        assertInstanceOf(Resolved.Unknown.class, open.resolve("grok-9"), "no key of xAI");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gpt-../x", "openai/%2e%2e", "openai/../../admin", "gpt-7?x", "gpt 7", ""})
    void f54APathTrickIsUnknownEvenWhereUnlistedIdsAreAllowed(String name) {
        var open = snapshot(DOCUMENT + "routing: {unknown_models: allow}\n");
        assertInstanceOf(Resolved.Unknown.class, open.resolve(name, "openai"));
    }

    @Test
    void aSecretThatIsMissingIsAProblemWithItsPath() {
        var activation =
                Snapshot.activate(
                        Documents.config(DOCUMENT), new SecretSource(Map.of("A", " ")), NOW);
        assertNull(activation.snapshot());
        assertEquals(
                List.of(
                        "providers.anthropic.keys[0].value: the environment variable A is empty",
                        "providers.openai.keys[0].value: the environment variable O is not set"),
                activation.problems().stream().map(Problem::text).toList());
    }

    @Test
    void keysAreUsedInTheirTimeAndDrainingOnesLast() {
        var snapshot =
                snapshot(
                        """
                        providers:
                          anthropic:
                            keys:
                              - {id: new, value: n, not_before: 2026-12-01}
                              - {id: now, value: n, not_after: 2026-12-15}
                              - {id: old, value: n, state: draining}
                              - {id: gone, value: env:NOT_NEEDED, state: revoked}
                              - {id: past, value: env:NOT_NEEDED, not_after: 2026-11-01}
                        """);
        var upstream = Objects.requireNonNull(snapshot.upstreams().get("anthropic"));
        assertEquals(List.of("now"), keys(upstream, "2026-11-22T00:00:00Z"));
        assertEquals(List.of("new", "now"), keys(upstream, "2026-12-01T00:00:00Z"));
        assertEquals(List.of("new"), keys(upstream, "2026-12-15T00:00:00Z"));
        var draining = snapshot("providers: {xai: {keys: [{id: old, value: n, state: draining}]}}");
        assertEquals(
                List.of("old"),
                keys(
                        Objects.requireNonNull(draining.upstreams().get("xai")),
                        "2026-11-22T00:00:00Z"));
    }

    private static List<String> keys(Snapshot.Upstream upstream, String at) {
        return upstream.keysAt(Instant.parse(at)).stream().map(Snapshot.Key::id).toList();
    }

    @Test
    void aHouseServerNeedsNoKeyAndHasItsAddressAsWritten() {
        var house = Objects.requireNonNull(snapshot(DOCUMENT).upstreams().get("house"));
        assertEquals(List.of(), house.keys());
        assertEquals("http://127.0.0.1:8000/v1", house.provider().apiBase().toString());
        var openai = Objects.requireNonNull(snapshot(DOCUMENT).upstreams().get("openai"));
        assertEquals("https://api.openai.com/v1", openai.provider().apiBase().toString());
    }

    @Test
    void aFileSecretLosesItsLineEnd(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("key"), "file-secret\n");
        var source = new SecretSource(Map.of());
        assertEquals("file-secret", source.resolve(new SecretRef.File(file)).reveal());
    }

    @Test
    void f50ABadSecretFileIsToldWithoutItsContent(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("key"), "CANARY one\nCANARY two");
        var source = new SecretSource(Map.of());
        for (Path path : List.of(file, dir, dir.resolve("none"))) {
            String message = message(source, path);
            assertTrue(message.contains(path.toString()), message);
            assertFalse(message.contains("CANARY"), message);
        }
    }

    private static String message(SecretSource source, Path path) {
        try {
            return source.resolve(new SecretRef.File(path)).toString();
        } catch (SecretSource.Missing e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void f50ASnapshotNeverPrintsASecret() {
        var upstreams = snapshot(DOCUMENT).upstreams().toString();
        assertFalse(upstreams.contains("secret-a"), upstreams);
        var key = Objects.requireNonNull(snapshot(DOCUMENT).upstreams().get("anthropic"));
        assertEquals("secret-a", key.keys().getFirst().secret().reveal());
    }
}
