package dev.pillion.adapters.openai;

import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Role;
import java.util.List;
import java.util.Locale;

/** JSON mode wants the word JSON in what the model reads (OpenAI API 2.3.0, 2026-11). */
public final class JsonWord {
    private JsonWord() {}

    /** Whether the word has to be added; looked for where a longer conversation can't add it. */
    public static boolean isMissing(ChatRequest request) {
        for (Message message : request.messages()) {
            if (message.role() == Role.USER) {
                return !in(request.system()) && !in(message.content());
            }
        }
        return !in(request.system());
    }

    private static boolean in(List<? extends Part> parts) {
        return parts.stream()
                .anyMatch(part ->
                        part instanceof Part.Text text
                                && text.text().toLowerCase(Locale.ROOT).contains("json"));
    }
}
