package dev.pillion.adapters.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.ReplyFold;
import dev.pillion.protocol.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers really answered, against a reading of it that shares nothing with the adapter. */
class RecordedAnswersTest {
    @ParameterizedTest
    @ValueSource(strings = {"openai", "other", "xai", "gemini"})
    @DisplayName("F15 F25 F26: every recorded answer decodes to what it says, however it is cut")
    void everyRecordedAnswerDecodesToWhatItSays(String provider) {
        int whole = 0;
        int streams = 0;
        for (Recorded recorded : Recorded.of(provider)) {
            if (recorded.status() != 200) {
                continue;
            }
            List<ChatEvent> events =
                    Chunks.decode(
                            new ChatDecoder("audio/wav"), Chunks.whole(recorded.answerBytes()));
            check(recorded, events);
            if (recorded.streamed()) {
                var random = new Random(recorded.id().hashCode());
                List<ChatEvent> again =
                        Chunks.decode(
                                new ChatDecoder("audio/wav"),
                                Chunks.of(recorded.answerBytes(), random));
                assertEquals(shown(events), shown(again), recorded.id());
                streams++;
            } else {
                whole++;
            }
        }
        System.out.printf(
                "chat.completions answers of %s: %d of %d decoded (%d whole, %d streams)%n",
                provider, whole + streams, whole + streams, whole, streams);
    }

    /** Events as text, without the identity of byte arrays. */
    private static String shown(List<ChatEvent> events) {
        return events.toString().replaceAll("\\[B@[0-9a-f]+", "bytes");
    }

    private static void check(Recorded recorded, List<ChatEvent> events) {
        String id = recorded.id();
        Said said =
                recorded.streamed()
                        ? Said.ofStream(recorded.answerText())
                        : Said.of(recorded.answer());
        ReplyFold fold = Chunks.fold(events);
        if (said.error) {
            assertNotNull(fold.fault(), id);
            return;
        }
        assertNull(fold.fault(), () -> id + ": " + fold.fault());
        assertNotNull(fold.stop(), id);
        assertEquals(1, events.stream().filter(e -> e instanceof ChatEvent.Started).count(), id);
        assertEquals(said.text.toString(), texts(fold, false), id);
        assertEquals(said.refusal.toString(), texts(fold, true), id);
        assertEquals(said.thinking.toString(), thinking(fold), id);
        assertEquals(said.calls(), calls(fold), id);
        assertEquals(said.stop(), fold.stop().reason().wire(), id);
        assertEquals(said.citations, citations(fold), id);
        if (said.usage != null) {
            assertEquals(said.usage.path("prompt_tokens").asLong(), fold.usage().inputTokens(), id);
            assertEquals(said.output(), fold.usage().outputTokens(), id);
            assertTrue(fold.usage().cachedInputTokens() <= fold.usage().inputTokens(), id);
        }
        if (said.audio) {
            assertTrue(fold.content().stream().anyMatch(p -> p instanceof Part.Audio), id);
        }
    }

    private static String texts(ReplyFold fold, boolean refusals) {
        var text = new StringBuilder();
        for (Part part : fold.content()) {
            if (part instanceof Part.Text one
                    && refusals == (one.seal() != null && one.seal().data().equals("refusal"))) {
                text.append(one.text());
            }
        }
        return text.toString();
    }

    private static String thinking(ReplyFold fold) {
        var text = new StringBuilder();
        for (Part part : fold.content()) {
            if (part instanceof Part.Thinking one) {
                text.append(one.text());
            }
        }
        return text.toString();
    }

    private static List<String> calls(ReplyFold fold) {
        List<String> calls = new ArrayList<>();
        for (Part part : fold.content()) {
            if (part instanceof Part.ToolCall call) {
                calls.add(call.name() + " " + call.arguments());
            }
        }
        return calls;
    }

    private static int citations(ReplyFold fold) {
        int count = 0;
        for (Part part : fold.content()) {
            if (part instanceof Part.Text one) {
                count += one.citations().size();
            }
        }
        return count;
    }

    /** What an answer says, read field by field. */
    private static final class Said {
        final StringBuilder text = new StringBuilder();
        final StringBuilder refusal = new StringBuilder();
        final StringBuilder thinking = new StringBuilder();
        final Map<Integer, ObjectNode> calls = new TreeMap<>();
        JsonNode usage;
        String finish = "";
        int citations;
        boolean audio;
        boolean error;

        static Said of(JsonNode body) {
            var said = new Said();
            JsonNode choice = body.path("choices").path(0);
            said.usage = body.get("usage");
            said.message(choice.path("message"));
            said.finish = choice.path("finish_reason").asText("stop");
            if (choice.has("finish_details")) {
                said.finish = choice.path("finish_details").path("type").asText();
            }
            return said;
        }

        static Said ofStream(String sse) {
            var said = new Said();
            for (String line : sse.lines().toList()) {
                if (line.startsWith("data:") && !line.strip().endsWith("[DONE]")) {
                    said.chunk(Recorded.parse(line.substring(5)));
                }
            }
            return said;
        }

        void chunk(JsonNode chunk) {
            error |= chunk.path("error").isObject();
            if (chunk.path("usage").isObject()) {
                usage = chunk.path("usage");
            }
            for (JsonNode choice : chunk.path("choices")) {
                if (choice.path("index").asInt() == 0) {
                    message(choice.path("delta"));
                    if (choice.path("finish_reason").isTextual()) {
                        finish = choice.path("finish_reason").asText();
                    }
                }
            }
        }

        void message(JsonNode message) {
            JsonNode content = message.path("content");
            if (content.isTextual()) {
                text.append(content.asText());
            }
            for (JsonNode part : content) {
                text.append(part.path("text").asText(""));
                part.path("thinking").forEach(t -> thinking.append(t.path("text").asText()));
            }
            if (message.path("refusal").isTextual()) {
                refusal.append(message.path("refusal").asText());
            }
            for (String name : List.of("reasoning_content", "reasoning")) {
                if (message.path(name).isTextual() && !message.path(name).asText().isEmpty()) {
                    thinking.append(message.path(name).asText());
                    break;
                }
            }
            int at = 0;
            for (JsonNode call : message.path("tool_calls")) {
                call(call.path("index").asInt(at++), call.path("function"));
            }
            if (message.path("function_call").isObject()) {
                call(0, message.path("function_call"));
            }
            for (JsonNode annotation : message.path("annotations")) {
                citations += annotation.path("url_citation").path("end_index").asInt() > 0 ? 1 : 0;
            }
            audio |= message.path("audio").isObject();
        }

        void call(int index, JsonNode function) {
            ObjectNode call = calls.computeIfAbsent(index, i -> Json.object());
            if (!call.has("name")) {
                call.set("name", function.path("name"));
            }
            JsonNode more = function.path("arguments");
            String sofar = call.path("arguments").asText("");
            call.put("arguments", sofar + (more.isTextual() ? more.asText() : ""));
        }

        List<String> calls() {
            return calls.values().stream()
                    .map(c -> c.path("name").asText() + " " + arguments(c))
                    .toList();
        }

        private static String arguments(JsonNode call) {
            String arguments = call.path("arguments").asText();
            return arguments.isEmpty() ? "{}" : arguments;
        }

        long output() {
            long rest = usage.path("total_tokens").asLong() - usage.path("prompt_tokens").asLong();
            return Math.max(rest, usage.path("completion_tokens").asLong());
        }

        String stop() {
            if (finish.equals("length") || finish.equals("max_tokens")) {
                return "max_tokens";
            }
            if (finish.equals("content_filter")) {
                return "refusal";
            }
            if (!calls.isEmpty()) {
                return "tool_call";
            }
            return refusal.isEmpty() ? "end" : "refusal";
        }
    }
}
