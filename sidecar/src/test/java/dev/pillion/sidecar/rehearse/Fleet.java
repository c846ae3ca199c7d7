package dev.pillion.sidecar.rehearse;

import dev.pillion.sidecar.config.Config;
import dev.pillion.sidecar.config.ConfigReader;
import dev.pillion.sidecar.config.ModelClass;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;

/** Four vendors of a class: cheap and slow, two in the middle, fast and dear. */
final class Fleet {
    static final LocalDate DAY = LocalDate.of(2026, 12, 1);

    static final String CONFIG =
            """
            version: 1
            providers:
              anthropic: {keys: [{id: a1, value: key-a}]}
              openai: {keys: [{id: o1, value: key-o}]}
              xai: {keys: [{id: x1, value: key-x}]}
              gemini: {keys: [{id: g1, value: key-g}]}
            models:
              - {id: anthropic/middle, class: balanced, can: [tools, stream, prompt_cache], context: 200000,
                 max_output: 8192, price: {input: 1.2, output: 5, cached_input: 0.12}}
              - {id: openai/value, class: balanced, can: [tools, stream, prompt_cache], context: 200000,
                 max_output: 8192, price: {input: 1, output: 4, cached_input: 0.1}}
              - {id: xai/thrift, class: balanced, can: [tools, stream, prompt_cache], context: 200000,
                 max_output: 8192, price: {input: 0.5, output: 2, cached_input: 0.1}}
              - {id: gemini/swift, class: balanced, can: [tools, stream, prompt_cache], context: 200000,
                 max_output: 8192, price: {input: 3, output: 12, cached_input: 0.3}}
            routing: {classes: {balanced: {order: [anthropic/middle, openai/value, xai/thrift, gemini/swift]}}}
            """;

    private Fleet() {}

    static Cast cast() {
        ConfigReader.Result read = ConfigReader.read(CONFIG);
        Config config = Objects.requireNonNull(read.config(), () -> read.problems().toString());
        return new Cast(
                config,
                ModelClass.BALANCED,
                Map.of(
                        "anthropic/middle", new Tempo(450, 40, 12, 0.3),
                        "openai/value", new Tempo(400, 40, 12, 0.3),
                        "xai/thrift", new Tempo(800, 60, 15, 0.3),
                        "gemini/swift", new Tempo(220, 20, 6, 0.3)),
                new Tempo(500, 50, 10, 0.3));
    }
}
