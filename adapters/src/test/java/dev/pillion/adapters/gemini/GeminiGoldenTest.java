package dev.pillion.adapters.gemini;

import dev.pillion.adapters.golden.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GeminiGoldenTest {
    private static final Golden GOLDEN = new Golden(new GeminiProvider());

    static List<Path> requests() {
        return Golden.cases("gemini", "request");
    }

    static List<Path> replies() {
        return Golden.cases("gemini", "reply");
    }

    static List<Path> streams() {
        return Golden.cases("gemini", "stream");
    }

    static List<Path> faults() {
        return Golden.cases("gemini", "fault");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsRenderedAsItsGoldenFileSays(Path folder) {
        GOLDEN.request(folder);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aWholeAnswerIsReadAsItsGoldenFileSays(Path folder) {
        GOLDEN.reply(folder);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aStreamIsReadAsItsGoldenFileSaysHoweverItIsCut(Path folder) {
        GOLDEN.stream(folder);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void anErrorIsUnderstoodAsItsGoldenFileSays(Path folder) {
        GOLDEN.fault(folder);
    }
}
