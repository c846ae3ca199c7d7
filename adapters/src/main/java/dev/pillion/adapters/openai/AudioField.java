package dev.pillion.adapters.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.chat.MediaSource;
import dev.pillion.protocol.chat.Part;
import java.io.IOException;

/** The {@code audio} field of an answer. */
final class AudioField {
    private AudioField() {}

    static void write(Part.Audio audio, MediaSource.Inline inline, JsonGenerator json)
            throws IOException {
        ObjectNode fields = audio.extras().forVendor(Marks.SPEAKS);
        json.writeObjectFieldStart("audio");
        json.writeStringField("id", fields == null ? "audio_0" : fields.path("id").asText());
        json.writeStringField("data", inline.data());
        json.writeNumberField("expires_at", 0);
        json.writeStringField("transcript", audio.transcript() == null ? "" : audio.transcript());
        json.writeEndObject();
    }
}
