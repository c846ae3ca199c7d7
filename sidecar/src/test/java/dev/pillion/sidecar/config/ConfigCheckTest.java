package dev.pillion.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCheckTest {
    @TempDir private Path dir;

    private ConfigCheck.Outcome check(String text) throws IOException {
        Path file = Files.writeString(dir.resolve("c.yaml"), text);
        return ConfigCheck.run(
                file, new SecretSource(Map.of()), Instant.parse("2026-11-22T00:00:00Z"));
    }

    @Test
    void aBadFileEndsWith78AndEveryProblemWithItsLine() throws IOException {
        var outcome = check("version: 1\nproviders:\n  xai: {keyz: 1}\nrouting: 3\n");
        assertEquals(78, outcome.exitCode());
        String file = dir.resolve("c.yaml").toString();
        assertEquals(
                List.of(
                        file + ":3: providers.xai.keyz: unknown key, did you mean 'keys'?",
                        file + ":4: routing: 3 (expected: a mapping)"),
                outcome.lines());
    }

    @Test
    void aGoodFileEndsWith0AndTellsMissingSecretsAsWarnings() throws IOException {
        var outcome = check("providers: {xai: {keys: [{id: x, value: env:NOT_SET}]}}");
        assertEquals(0, outcome.exitCode());
        assertTrue(
                outcome.lines().getFirst().contains("valid: version 0, 1 providers with 1 keys"));
        assertEquals(
                "warning: providers.xai.keys[0].value: the environment variable NOT_SET is not set",
                outcome.lines().getLast());
    }

    @Test
    void aFileThatIsNotThereIsOneLine() {
        Path none = dir.resolve("none.yaml");
        var outcome = ConfigCheck.run(none, new SecretSource(Map.of()), Instant.EPOCH);
        assertEquals(78, outcome.exitCode());
        assertEquals(List.of(none + ": (document): there is no such file"), outcome.lines());
    }
}
