package dev.pillion.adapters.anthropic;

import dev.pillion.adapters.golden.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AnthropicGoldenTest {
    private static final Golden GOLDEN = new Golden(new AnthropicProvider());

    static List<Path> requests() {
        return Golden.cases(Api.NAME, "request");
    }

    static List<Path> replies() {
        return Golden.cases(Api.NAME, "reply");
    }

    static List<Path> streams() {
        return Golden.cases(Api.NAME, "stream");
    }

    static List<Path> faults() {
        return Golden.cases(Api.NAME, "fault");
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
