package dev.pillion.adapters.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.adapters.corpus.Corpus;
import dev.pillion.adapters.streams.Streamed.Form;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.Citation;
import dev.pillion.protocol.chat.Seals;
import dev.pillion.protocol.chat.Stop;
import dev.pillion.protocol.chat.StopReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What must mean the same on every surface, streamed and whole: how an answer ended, what backs it.
 */
final class MeaningTest {

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        // reason, detail, then the words of generate, chat, responses, messages, Gemini
        "END,,                               end,           stop,           completed,             "
                + "      end_turn,                       STOP",
        "TOOL_CALL,,                         tool_call,     tool_calls,     completed,             "
                + "      tool_use,                       STOP",
        "MAX_TOKENS,,                        max_tokens,    length,         incomplete"
                + " max_output_tokens, max_tokens,                    MAX_TOKENS",
        "MAX_TOKENS,model_context_window_exceeded, max_tokens, length,      incomplete"
                + " max_output_tokens, model_context_window_exceeded, MAX_TOKENS",
        "STOP_SEQUENCE,,                     stop_sequence, stop,           completed,             "
                + "      stop_sequence,                  STOP",
        "REFUSAL,,                           refusal,       content_filter, incomplete"
                + " content_filter,   refusal,                        SAFETY",
        "REFUSAL,RECITATION,                 refusal,       content_filter, incomplete"
                + " content_filter,   refusal,                        RECITATION",
        "PAUSED,,                            paused,        length,         incomplete"
                + " max_output_tokens, pause_turn,                    MAX_TOKENS",
    })
    @DisplayName("F11: how an answer ended is told on every surface, streamed and whole")
    void howAnAnswerEndedIsToldOnEverySurface(
            StopReason reason,
            String detail,
            String generate,
            String chat,
            String responses,
            String messages,
            String gemini) {
        String sequence = reason == StopReason.STOP_SEQUENCE ? "END" : null;
        List<ChatEvent> events = new ArrayList<>();
        events.add(new ChatEvent.Started("id", "m"));
        events.add(new ChatEvent.TextDelta(0, "words"));
        if (reason == StopReason.TOOL_CALL) {
            events.add(new ChatEvent.ToolCallStarted(1, "call_1", "clock"));
            events.add(new ChatEvent.ToolCallDelta(1, "{}"));
        }
        events.add(new ChatEvent.Finished(new Stop(reason, sequence, detail)));
        for (Form form : Form.values()) {
            String expected =
                    switch (form) {
                        case GENERATE -> generate;
                        case CHAT, CHAT_WITH_USAGE -> chat;
                        case RESPONSES -> responses;
                        case MESSAGES -> messages;
                        case GEMINI, GEMINI_ARRAY -> gemini;
                    };
            StreamOrder order = form.judge(Streamed.write(events, form));
            assertEquals(List.of(), order.wrong(), form.toString());
            assertEquals(expected, ending(form, order.folded()), form.toString());
            JsonNode whole = Corpus.json(Streamed.whole(events, form));
            assertEquals(expected, ending(form, order.whole(whole)), form + " whole");
        }
    }

    private static String ending(Form form, JsonNode answer) {
        return switch (form) {
            case GENERATE -> answer.path("stop").asText();
            case CHAT, CHAT_WITH_USAGE -> answer.path("finish_reason").asText();
            case RESPONSES -> {
                String reason = answer.at("/incomplete_details/reason").asText("");
                yield (answer.path("status").asText() + " " + reason).strip();
            }
            case MESSAGES -> answer.path("stop_reason").asText();
            case GEMINI, GEMINI_ARRAY -> answer.path("finishReason").asText();
        };
    }

    /** A text outside of the basic plane in two parts, with a span of each cited. */
    private static final List<String> TEXTS = List.of("Grüße 🌍, und 👍🏽 dazu. ", "Mehr: 🌍🌍 ż.");

    private static final List<String> CITED = List.of("und 👍🏽", "🌍 ż");

    private static List<ChatEvent> cited() {
        List<ChatEvent> events = new ArrayList<>();
        events.add(new ChatEvent.Started("id", "m"));
        for (int i = 0; i < TEXTS.size(); i++) {
            String text = TEXTS.get(i);
            int middle = text.offsetByCodePoints(0, 4);
            events.add(new ChatEvent.TextDelta(i, text.substring(0, middle)));
            events.add(new ChatEvent.TextDelta(i, text.substring(middle)));
            int start = text.indexOf(CITED.get(i));
            int from = text.codePointCount(0, start);
            int to = from + CITED.get(i).codePointCount(0, CITED.get(i).length());
            String url = "https://source.example/" + i;
            events.add(new ChatEvent.Cited(i, new Citation(from, to, url, "S" + i, null, null)));
        }
        events.add(new ChatEvent.Finished(new Stop(StopReason.END)));
        return events;
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    @DisplayName("F43 F46: a citation points at its words on every surface, streamed and whole")
    void aCitationPointsAtItsWords(Form form) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < CITED.size(); i++) {
            expected.add("https://source.example/" + i + " S" + i + " " + CITED.get(i));
        }
        StreamOrder order = form.judge(Streamed.write(cited(), form));
        assertEquals(List.of(), order.wrong());
        assertEquals(expected, citations(form, order.folded()));
        JsonNode whole = Corpus.json(Streamed.whole(cited(), form));
        assertEquals(expected, citations(form, order.whole(whole)));
    }

    private static List<String> citations(Form form, JsonNode answer) {
        List<String> found = new ArrayList<>();
        switch (form) {
            case GENERATE -> answer.path("content").forEach(part -> uniform(part, found));
            case CHAT, CHAT_WITH_USAGE -> {
                String text = answer.at("/message/content").asText();
                for (JsonNode each : answer.at("/message/annotations")) {
                    annotation(each.path("url_citation"), text, found);
                }
            }
            case RESPONSES -> {
                for (JsonNode part : answer.at("/output/0/content")) {
                    String text = part.path("text").asText();
                    part.path("annotations").forEach(each -> annotation(each, text, found));
                }
            }
            case MESSAGES -> answer.path("content").forEach(block -> message(block, found));
            case GEMINI, GEMINI_ARRAY -> gemini(answer, found);
        }
        return found;
    }

    private static String points(String text, int from, int to) {
        int start = text.offsetByCodePoints(0, from);
        return text.substring(start, text.offsetByCodePoints(start, to - from));
    }

    private static void uniform(JsonNode part, List<String> found) {
        for (JsonNode each : part.path("citations")) {
            String words =
                    points(
                            part.path("text").asText(),
                            each.path("start").asInt(),
                            each.path("end").asInt());
            found.add(each.path("url").asText() + " " + each.path("title").asText() + " " + words);
        }
    }

    private static void annotation(JsonNode each, String text, List<String> found) {
        int from = each.path("start_index").asInt();
        String words = points(text, from, each.path("end_index").asInt());
        found.add(each.path("url").asText() + " " + each.path("title").asText() + " " + words);
    }

    /** This surface cites whole blocks; the span goes along for Pillion to read again. */
    private static void message(JsonNode block, List<String> found) {
        for (JsonNode each : block.path("citations")) {
            JsonNode span =
                    Corpus.json(Seals.read(each.path("encrypted_index").asText(), "").data());
            String words =
                    points(
                            block.path("text").asText(),
                            span.path("start").asInt(),
                            span.path("end").asInt());
            found.add(each.path("url").asText() + " " + each.path("title").asText() + " " + words);
        }
    }

    /** Bytes of UTF-8 in a part, of whose supports each names its chunks. */
    private static void gemini(JsonNode answer, List<String> found) {
        JsonNode metadata = answer.path("groundingMetadata");
        for (JsonNode support : metadata.path("groundingSupports")) {
            JsonNode segment = support.path("segment");
            JsonNode part = answer.path("parts").path(segment.path("partIndex").asInt(0));
            byte[] text = part.path("text").asText().getBytes(StandardCharsets.UTF_8);
            int from = segment.path("startIndex").asInt(0);
            byte[] cut = Arrays.copyOfRange(text, from, segment.path("endIndex").asInt());
            String words = new String(cut, StandardCharsets.UTF_8);
            assertEquals(words, segment.path("text").asText());
            for (JsonNode index : support.path("groundingChunkIndices")) {
                JsonNode web = metadata.path("groundingChunks").path(index.asInt()).path("web");
                found.add(
                        web.path("uri").asText() + " " + web.path("title").asText() + " " + words);
            }
        }
    }
}
