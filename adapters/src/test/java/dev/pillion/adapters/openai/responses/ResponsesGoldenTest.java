package dev.pillion.adapters.openai.responses;

import dev.pillion.adapters.golden.Golden;
import dev.pillion.adapters.openai.OpenAiProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ResponsesGoldenTest {
    private static final Golden GOLDEN = new Golden(new OpenAiProvider());

    static List<Path> requests() {
        return Golden.cases("openai-responses", "request");
    }

    static List<Path> replies() {
        return Golden.cases("openai-responses", "reply");
    }

    static List<Path> streams() {
        return Golden.cases("openai-responses", "stream");
    }

    static List<Path> faults() {
        return Golden.cases("openai-responses", "fault");
    }

    @ParameterizedTest
    @MethodSource("requests")
    @DisplayName("F27 F30 F31 F32 F33: a request is rendered as its golden file says")
    void aRequestIsRenderedAsItsGoldenFileSays(Path folder) {
        GOLDEN.request(folder);
    }

    @ParameterizedTest
    @MethodSource("replies")
    @DisplayName("F31 F34 F46: a whole answer is read as its golden file says")
    void aWholeAnswerIsReadAsItsGoldenFileSays(Path folder) {
        GOLDEN.reply(folder);
    }

    @ParameterizedTest
    @MethodSource("streams")
    @DisplayName("F12 F13 F15 F25 F26: a stream is read as its golden file says, however it is cut")
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
