package dev.pillion.adapters.xai;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pillion.adapters.Surface;
import dev.pillion.adapters.UpstreamCall;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.corpus.Recording;
import dev.pillion.adapters.corpus.RequestFacts;
import dev.pillion.adapters.openai.OpenAiChatDialect;
import dev.pillion.adapters.openai.responses.ResponsesDialect;
import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.fault.FaultException;
import dev.pillion.protocol.wire.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every recorded request of OpenAI's two APIs, asked of xAI: what it says is all said there. */
final class TranslatedRequestsTest {
    @ParameterizedTest
    @ValueSource(strings = {"xai", "openai", "other"})
    @DisplayName("F21 F26 F27 F31 F32: all that a recorded request says is said to xAI too")
    void allThatARecordedRequestSaysIsSaidToXaiToo(String provider) {
        int responses = 0;
        int chat = 0;
        Map<String, Integer> refused = new TreeMap<>();
        List<String> lost = new ArrayList<>();
        List<Recording> recordings = Corpus.read(provider + ".jsonl", "chat.completions");
        for (Recording recording : recordings) {
            try {
                ChatRequest request = request(recording);
                UpstreamCall call = Xai.PROVIDER.encode(request, Xai.anyModel(request.model()));
                boolean legacy = call.path().equals("/chat/completions");
                chat += legacy ? 1 : 0;
                responses += legacy ? 0 : 1;
                compare(
                        recording,
                        RequestFacts.ofChat(recording.requestBody()),
                        legacy
                                ? RequestFacts.ofChat(Xai.body(call))
                                : RequestFacts.ofResponses(Xai.body(call)),
                        lost);
            } catch (FaultException e) {
                count(e, refused);
            }
        }
        String what = "chat.completions requests of " + provider;
        report(what, responses, chat, recordings.size(), refused, lost);
    }

    @Test
    @DisplayName("F21 F26 F27 F31 F32: so is all that a recorded request of Responses says")
    void allThatARecordedRequestOfResponsesSaysIsSaidToXaiToo() {
        int carried = 0;
        Map<String, Integer> refused = new TreeMap<>();
        List<String> lost = new ArrayList<>();
        List<Recording> recordings = Corpus.read("openai.jsonl", "responses");
        for (Recording recording : recordings) {
            try {
                byte[] bytes = recording.requestBody().toString().getBytes(StandardCharsets.UTF_8);
                ChatRequest request =
                        new ResponsesDialect()
                                .decode(new Surface("/v1/responses", Headers.NONE, bytes));
                UpstreamCall call = Xai.PROVIDER.encode(request, Xai.anyModel("m"));
                carried++;
                compare(
                        recording,
                        RequestFacts.ofResponses(recording.requestBody()),
                        RequestFacts.ofResponses(Xai.body(call)),
                        lost);
            } catch (FaultException e) {
                count(e, refused);
            }
        }
        report("responses requests of openai", carried, 0, recordings.size(), refused, lost);
    }

    private static void count(FaultException e, Map<String, Integer> refused) {
        String why = e.getMessage().replaceAll("\\d+", "N");
        refused.merge(why.length() > 100 ? why.substring(0, 100) : why, 1, Integer::sum);
    }

    private static void report(
            String what,
            int responses,
            int chat,
            int all,
            Map<String, Integer> refused,
            List<String> lost) {
        int no = refused.values().stream().mapToInt(i -> i).sum();
        System.out.printf(
                "%s to xAI: %d of %d by Responses, %d by Chat, %d refused by name, %d lost%n",
                what, responses, all, chat, no, lost.size());
        refused.forEach((why, count) -> System.out.println("  refused: " + count + " " + why));
        assertTrue(lost.isEmpty(), () -> String.join("\n", lost));
    }

    private static ChatRequest request(Recording recording) {
        byte[] body = recording.requestBody().toString().getBytes(StandardCharsets.UTF_8);
        return new OpenAiChatDialect()
                .decode(new Surface("/v1/chat/completions", Headers.NONE, body));
    }

    private static void compare(
            Recording recording, List<String> before, List<String> after, List<String> lost) {
        for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
            String was = i < before.size() ? before.get(i) : "nothing";
            String is = i < after.size() ? after.get(i) : "nothing";
            if (!was.equals(is)) {
                lost.add(recording + ": " + brief(was) + " became " + brief(is));
                return;
            }
        }
    }

    private static String brief(String text) {
        return text.length() > 150 ? text.substring(0, 150) + "…" : text;
    }
}
