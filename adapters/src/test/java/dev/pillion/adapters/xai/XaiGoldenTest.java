package dev.pillion.adapters.xai;

import dev.pillion.adapters.golden.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class XaiGoldenTest {
    private static final Golden GOLDEN = new Golden(new XaiProvider());

    static List<Path> faults() {
        return Golden.cases(Names.SPEAKS, "fault");
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("F17 F18 F19: an error is understood as its golden file says")
    void anErrorIsUnderstoodAsItsGoldenFileSays(Path folder) {
        GOLDEN.fault(folder);
    }
}
