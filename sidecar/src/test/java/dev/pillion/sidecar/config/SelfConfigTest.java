package dev.pillion.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SelfConfigTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

    private static Config config(Map<String, String> environment) {
        var result = SelfConfig.from(environment, "127.0.0.1:4141");
        assertEquals(List.of(), result.problems());
        return Objects.requireNonNull(result.config());
    }

    private static Snapshot snapshot(Map<String, String> environment) {
        var secrets = new SecretSource(environment);
        return Objects.requireNonNull(
                Snapshot.activate(config(environment), secrets, NOW).snapshot());
    }

    @Test
    void aVendorWithAKeyServesItsModelsOfEachClass() {
        var snapshot = snapshot(Map.of("ANTHROPIC_API_KEY", "k", "OPENAI_API_KEY", ""));
        assertEquals(Set.of("anthropic"), snapshot.upstreams().keySet());
        for (ModelClass each : ModelClass.values()) {
            assertTrue(snapshot.models(each).size() >= 2, each.wire());
            assertTrue(
                    snapshot.models(each).stream().allMatch(m -> m.provider().equals("anthropic")));
        }
    }

    @Test
    void theFirstChoicesOfAClassAreOfDifferentVendors() {
        var snapshot = snapshot(Map.of("ANTHROPIC_API_KEY", "k", "OPENAI_API_KEY", "k"));
        assertEquals(
                List.of("anthropic", "openai"),
                snapshot.models(ModelClass.FAST).stream()
                        .limit(2)
                        .map(ModelConfig::provider)
                        .toList());
    }

    @Test
    void noKeyAtAllIsOneProblemThatNamesTheVariables() {
        var result = SelfConfig.from(Map.of("PATH", "/bin"), null);
        assertNull(result.config());
        assertEquals(
                "(environment): no vendor key (expected: ANTHROPIC_API_KEY, OPENAI_API_KEY,"
                    + " XAI_API_KEY, GEMINI_API_KEY or GOOGLE_API_KEY set, or a configuration by"
                    + " --config or --endpoint)",
                result.problems().getFirst().text());
    }

    @Test
    void googlesVariableServesWhereGeminisIsNotSet() {
        var key = key(config(Map.of("GOOGLE_API_KEY", "g")), "gemini");
        assertEquals(new SecretRef.Env("GOOGLE_API_KEY"), key.value());
        var both = Map.of("GOOGLE_API_KEY", "g", "GEMINI_API_KEY", "h");
        assertEquals(new SecretRef.Env("GEMINI_API_KEY"), key(config(both), "gemini").value());
    }

    private static KeyConfig key(Config config, String provider) {
        return Objects.requireNonNull(config.providers().get(provider)).keys().getFirst();
    }

    @Test
    void aBaseAddressLosesItsApiVersionAndSlash() {
        var config =
                config(
                        Map.of(
                                "OPENAI_API_KEY",
                                "k",
                                "OPENAI_BASE_URL",
                                "http://127.0.0.1:9/x/v1/"));
        var openai = Objects.requireNonNull(config.providers().get("openai"));
        assertEquals("http://127.0.0.1:9/x", openai.baseUrl().toString());
        assertEquals("http://127.0.0.1:9/x/v1", openai.apiBase().toString());
    }

    @Test
    void ourOwnAddressIsNotFollowedAsAVendors() {
        var environment =
                Map.of("ANTHROPIC_API_KEY", "k", "ANTHROPIC_BASE_URL", "http://localhost:4141");
        var result = SelfConfig.from(environment, "127.0.0.1:4141");
        assertEquals(
                "https://api.anthropic.com",
                Objects.requireNonNull(config(environment).providers().get("anthropic"))
                        .baseUrl()
                        .toString());
        assertEquals(1, result.warnings().size());
    }

    @Test
    void aBadBaseAddressIsAProblemWithoutItsPassword() {
        var result =
                SelfConfig.from(
                        Map.of("XAI_API_KEY", "k", "XAI_BASE_URL", "http://u:hunter2@h/"), null);
        assertNotNull(result.problems());
        assertTrue(result.problems().getFirst().text().startsWith("(environment): XAI_BASE_URL"));
        assertTrue(!result.problems().getFirst().text().contains("hunter2"));
    }
}
