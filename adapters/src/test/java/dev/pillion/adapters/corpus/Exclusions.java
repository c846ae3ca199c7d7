package dev.pillion.adapters.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recordings that a check leaves out, each with its reason: a resource of lines {@code id-prefix},
 * a tab, {@code reason}; lines with a hash are comments.
 */
public final class Exclusions {
    private final Map<String, String> reasons = new LinkedHashMap<>();

    private Exclusions() {}

    public static Exclusions of(String resource) {
        var exclusions = new Exclusions();
        try (InputStream in = Exclusions.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                int tab = line.indexOf('\t');
                if (!line.startsWith("#") && tab > 0) {
                    exclusions.reasons.put(line.substring(0, tab), line.substring(tab + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return exclusions;
    }

    public boolean excludes(Recording recording) {
        return reasons.keySet().stream().anyMatch(recording.id()::startsWith);
    }

    public int size() {
        return reasons.size();
    }
}
