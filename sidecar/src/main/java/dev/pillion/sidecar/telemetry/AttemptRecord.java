package dev.pillion.sidecar.telemetry;

import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one attempt at a vendor.
 *
 * @param model null where a raw call names none
 * @param outcome {@code ok}, {@code cancelled}, {@link #HEDGED} or the kind of its fault
 */
public record AttemptRecord(
        String provider,
        @Nullable String model,
        @Nullable String keyId,
        String outcome,
        long millis,
        Usage usage,
        Cost cost) {
    /** How an attempt ends that another one, asked at the same time, has overtaken. */
    public static final String HEDGED = "hedged";
}
