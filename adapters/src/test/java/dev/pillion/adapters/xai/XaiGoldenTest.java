package dev.pillion.adapters.xai;

import dev.pillion.adapters.golden.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class XaiGoldenTest {
    private static final Golden GOLDEN = new Golden(new XaiProvider());

    static List<Path> requests() {
        return Golden.cases(Names.SPEAKS, "request");
    }

    static List<Path> replies() {
        return Golden.cases(Names.SPEAKS, "reply");
    }

    static List<Path> streams() {
        return Golden.cases(Names.SPEAKS, "stream");
    }

    static List<Path> faults() {
        return Golden.cases(Names.SPEAKS, "fault");
    }

    @ParameterizedTest
    @MethodSource("requests")
    @DisplayName("F27 F30 F31 F32 F33 F44: a request is rendered as its golden file says")
    void aRequestIsRenderedAsItsGoldenFileSays(Path folder) {
        GOLDEN.request(folder);
    }

    @ParameterizedTest
    @MethodSource("replies")
    @DisplayName("F31 F34 F45 F46: a whole answer is read as its golden file says")
    void aWholeAnswerIsReadAsItsGoldenFileSays(Path folder) {
        GOLDEN.reply(folder);
    }

    @ParameterizedTest
    @MethodSource("streams")
    @DisplayName("F12 F13 F15 F25 F26 F43: a stream is read as its golden file says, however cut")
    void aStreamIsReadAsItsGoldenFileSaysHoweverItIsCut(Path folder) {
        GOLDEN.stream(folder);
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("F17 F18 F19: an error is understood as its golden file says")
    void anErrorIsUnderstoodAsItsGoldenFileSays(Path folder) {
        GOLDEN.fault(folder);
    }
}
