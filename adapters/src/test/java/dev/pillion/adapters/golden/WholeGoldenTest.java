package dev.pillion.adapters.golden;

import dev.pillion.adapters.Provider;
import dev.pillion.adapters.Providers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors and counts of every vendor that has them. */
final class WholeGoldenTest {
    private static Stream<Arguments> cases(String kind, boolean served, Provider provider) {
        Path folder = Path.of("src/test/resources/golden", provider.speaks(), kind);
        List<Path> cases =
                served || Files.exists(folder) ? Golden.cases(provider.speaks(), kind) : List.of();
        return cases.stream().map(each -> Arguments.of(provider, each));
    }

    static Stream<Arguments> embeds() {
        return Providers.ALL.stream().flatMap(p -> cases("embed", p.embedder() != null, p));
    }

    static Stream<Arguments> counts() {
        return Providers.ALL.stream()
                .flatMap(p -> cases("count", p.counter(p.speaks()) != null, p));
    }

    @ParameterizedTest
    @MethodSource("embeds")
    @DisplayName("F4 F21 F31: vectors are asked for and read as their golden files say")
    void vectorsAreAskedForAndReadAsTheirGoldenFilesSay(Provider provider, Path folder) {
        new WholeGolden(provider, folder).check();
    }

    @ParameterizedTest
    @MethodSource("counts")
    @DisplayName("F4 F21: counts are asked for and read as their golden files say")
    void countsAreAskedForAndReadAsTheirGoldenFilesSay(Provider provider, Path folder) {
        new WholeGolden(provider, folder).check();
    }
}
