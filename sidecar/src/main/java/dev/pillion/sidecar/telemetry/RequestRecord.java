package dev.pillion.sidecar.telemetry;

import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one finished request; never a word of its content.
 *
 * @param outcome {@code ok}, {@code cancelled}, or a fault's kind
 * @param status the HTTP status sent; 499 when the client left before one was
 * @param stop why the answer ended; null when it is not whole
 * @param ttftMillis from the request to its first content; null: there was none
 * @param overheadMicros time inside Pillion up to the answer's header
 */
public record RequestRecord(
        Instant ts,
        String requestId,
        @Nullable String traceId,
        String caller,
        @Nullable Long uid,
        String surface,
        @Nullable String modelClass,
        @Nullable String provider,
        @Nullable String model,
        @Nullable String keyId,
        boolean stream,
        int status,
        String outcome,
        @Nullable String stop,
        List<AttemptRecord> attempts,
        Usage usage,
        Cost cost,
        @Nullable Long ttftMillis,
        long durationMillis,
        long overheadMicros,
        Map<String, String> tags) {}
