package dev.pillion.adapters.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The judges of order, judged by what the vendors really send: they take all of it. */
final class RecordedStreamsTest {

    @Test
    void everyRecordedMessagesStreamIsInOrder() {
        accepted("anthropic.jsonl", "messages", MessagesOrder::new);
    }

    @Test
    void everyRecordedStreamOfChunksIsInOrder() {
        accepted("openai.jsonl", "chat.completions", () -> new ChatOrder(null));
    }

    @Test
    void everyRecordedResponsesStreamIsInOrder() {
        accepted("openai.jsonl", "responses", () -> new ResponsesOrder(false));
    }

    @Test
    void everyRecordedGeminiStreamIsInOrder() {
        accepted("gemini.jsonl", "streamGenerateContent", () -> new GeminiOrder(false));
    }

    /** Another server's answer, recorded under this vendor's name. */
    private static final String FOREIGN = "native_finish_reason";

    private static void accepted(String file, String endpoint, Supplier<StreamOrder> orders) {
        int streams = 0;
        List<String> wrong = new ArrayList<>();
        for (Recording recording : Corpus.read(file, endpoint)) {
            StreamOrder order = orders.get();
            if (!recording.isOk() || (recording.isStream() && recording.text().contains(FOREIGN))) {
                continue;
            }
            if (recording.isStream()) {
                order.read(recording.text());
            } else if (order instanceof GeminiOrder gemini && recording.body().isArray()) {
                gemini.readArray(recording.body().toString());
            } else {
                continue;
            }
            if (order instanceof GeminiOrder gemini) {
                gemini.close();
            }
            streams++;
            order.wrong().forEach(what -> wrong.add(recording.id() + " " + what));
            if (order.end() == StreamOrder.End.CUT) {
                wrong.add(recording.id() + " has no end");
            }
        }
        System.out.printf(
                "recorded streams of %s: %d, complaints: %d%n", endpoint, streams, wrong.size());
        assertTrue(streams > 0, "no streams in " + file);
        assertEquals(List.of(), wrong);
    }
}
