package dev.pillion.sidecar.config;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One vendor key as configured.
 *
 * @param id what logs and headers call it; unique within its provider
 * @param account the vendor account it belongs to; seals are bound to it
 * @param weight share of the traffic among the active keys, 1 to 1000
 * @param notBefore first moment of use; null: at once
 * @param notAfter first moment of no use; null: never
 */
public record KeyConfig(
        String id,
        SecretRef value,
        String account,
        int weight,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter,
        State state) {

    /** How far a key is in its life. */
    public enum State {
        ACTIVE,
        /** Used only while no active key serves. */
        DRAINING,
        /** Not used from this moment on. */
        REVOKED
    }

    /** Whether the key may be used at that moment. */
    public boolean usableAt(Instant now) {
        return state != State.REVOKED
                && (notBefore == null || !now.isBefore(notBefore))
                && (notAfter == null || now.isBefore(notAfter));
    }
}
