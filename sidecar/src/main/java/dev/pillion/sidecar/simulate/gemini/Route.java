package dev.pillion.sidecar.simulate.gemini;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a path asks for.
 *
 * @param version {@code v1}, {@code v1beta}, {@code v1alpha} or {@code v1beta1}
 * @param method empty where the path names a model only
 * @param vertex whether the path is Google Cloud's
 */
record Route(String version, String model, String method, boolean vertex) {
    private static final Pattern DEVELOPER =
            Pattern.compile("/(v1|v1beta|v1alpha)/models/([^/:]+)(?::([A-Za-z]+))?");
    private static final Pattern VERTEX =
            Pattern.compile(
                    "/(v1|v1beta1)/projects/[^/]+/locations/[^/]+/publishers/google/models/([^/:]+)"
                            + ":([A-Za-z]+)");

    static @Nullable Route of(String path) {
        var plain = path.replace("%3A", ":").replace("%3a", ":");
        for (var pattern : new Pattern[] {DEVELOPER, VERTEX}) {
            var match = pattern.matcher(plain);
            if (match.matches()) {
                var method = match.group(3);
                return new Route(
                        match.group(1),
                        match.group(2),
                        method == null ? "" : method,
                        pattern == VERTEX);
            }
        }
        return null;
    }
}
