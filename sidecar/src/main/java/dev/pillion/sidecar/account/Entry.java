package dev.pillion.sidecar.account;

import dev.pillion.protocol.chat.Cost;
import dev.pillion.protocol.chat.Usage;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger keeps of one attempt; never a word of its content.
 *
 * @param ts when it ended
 * @param requestId Pillion's own, never one that the client sent
 * @param attempt counts a request's attempts from 1
 * @param uid null on TCP
 * @param modelClass what the caller asked for; null: a model by its name
 * @param model the vendor's id
 * @param keyId null where the provider wants no key
 * @param outcome {@code ok}, {@code cancelled}, or the kind of its fault
 * @param cost {@code usd} null: the price is not known
 */
public record Entry(
        Instant ts,
        String requestId,
        int attempt,
        String caller,
        @Nullable Long uid,
        Map<String, String> tags,
        String surface,
        @Nullable String modelClass,
        String provider,
        String model,
        @Nullable String keyId,
        boolean stream,
        String outcome,
        long millis,
        Usage usage,
        Cost cost) {}
