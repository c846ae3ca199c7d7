package dev.pillion.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.ChatEvent;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.Extras;
import dev.pillion.protocol.wire.Json;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The spoken answer: pieces of base64 and of its transcript, handed on as one part at the end. */
final class AudioPart {
    private final String mediaType;
    private final ByteSink bytes = new ByteSink(0);
    private final StringBuilder transcript = new StringBuilder();
    private String id = "";
    private boolean seen;
    private boolean broken;

    AudioPart(String mediaType) {
        this.mediaType = mediaType;
    }

    void add(JsonNode audio) {
        if (!audio.isObject()) {
            return;
        }
        seen = true;
        String newId = Citations.text(audio, "id");
        if (newId != null) {
            id = newId;
        }
        String words = Citations.text(audio, "transcript");
        if (words != null) {
            transcript.append(words);
        }
        String data = Citations.text(audio, "data");
        if (data != null) {
            decode(data);
        }
    }

    private void decode(String data) {
        try {
            bytes.write(Base64.getDecoder().decode(data));
        } catch (IllegalArgumentException e) {
            broken = true; // Reported when the answer closes.
        }
    }

    @Nullable Fault close(IntSupplier nextPart, Consumer<ChatEvent> out) {
        if (broken) {
            return Fault.protocol("the vendor's sound is not base64");
        }
        if (seen) {
            var source =
                    new MediaSource.Inline(
                            Base64.getEncoder().encodeToString(bytes.toByteArray()), mediaType);
            ObjectNode fields = Json.object();
            fields.put("id", id);
            var part =
                    new Part.Audio(
                            source,
                            transcript.isEmpty() ? null : transcript.toString(),
                            null,
                            new Extras(Map.of(Marks.SPEAKS, fields), true));
            out.accept(new ChatEvent.Whole(nextPart.getAsInt(), part));
        }
        return null;
    }
}
