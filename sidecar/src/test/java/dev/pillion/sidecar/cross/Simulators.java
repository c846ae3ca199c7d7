package dev.pillion.sidecar.cross;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.sidecar.simulate.anthropic.SimulatedAnthropic;
import dev.pillion.sidecar.simulate.gemini.SimulatedGemini;
import dev.pillion.sidecar.simulate.kit.SimulatedVendor;
import dev.pillion.sidecar.simulate.openai.SimulatedOpenAi;
import dev.pillion.sidecar.simulate.xai.SimulatedXai;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** The four vendors, and how to read what was said to them. */
final class Simulators {
    private static final Map<String, SimulatedVendor> ALL =
            Map.of(
                    "anthropic", new SimulatedAnthropic(Set.of(), Clock.systemUTC()),
                    "gemini", new SimulatedGemini(Set.of(), Clock.systemUTC()),
                    "openai", new SimulatedOpenAi(Set.of(), Clock.systemUTC()),
                    "xai", new SimulatedXai(Set.of(), Clock.systemUTC()));

    private Simulators() {}

    static SimulatedVendor of(String provider) {
        return Objects.requireNonNull(ALL.get(provider), provider);
    }

    /** Reads the content of a request on a surface. */
    static Function<JsonNode, Content> source(String endpoint) {
        return switch (endpoint) {
            case "chat.completions" -> Readers::chat;
            case "responses" -> Readers::responses;
            case "messages" -> Readers::messages;
            default -> throw new IllegalArgumentException(endpoint);
        };
    }

    /** Reads the content of a request to a vendor's path. */
    static Function<JsonNode, Content> sent(String path) {
        if (path.contains("enerateContent")) {
            return Readers::gemini;
        }
        if (path.endsWith("/messages")) {
            return Readers::messages;
        }
        return path.endsWith("/responses") ? Readers::responses : Readers::chat;
    }
}
