package dev.pillion.adapters.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pillion.protocol.wire.ByteSink;
import dev.pillion.protocol.wire.SseWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of an answer go: numbered from 0 without gaps into a stream, or, while a whole
 * answer is written, nowhere.
 */
final class EventSink {
    private @Nullable ByteSink out;
    private long sequence;

    /** What writes the fields of one event. */
    @FunctionalInterface
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    void to(ByteSink target) {
        out = target;
    }

    /** Says how many events there are already. */
    void goOnAt(long next) {
        sequence = next;
    }

    void event(String type, Fields fields) {
        ByteSink target = out;
        if (target == null) {
            return;
        }
        long number = sequence++;
        SseWriter.frame(
                target,
                type,
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", type);
                    json.writeNumberField("sequence_number", number);
                    fields.write(json);
                    json.writeEndObject();
                });
    }
}
