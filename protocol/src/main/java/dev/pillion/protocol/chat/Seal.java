package dev.pillion.protocol.chat;

import org.jspecify.annotations.Nullable;

/**
 * Opaque vendor state (a thinking signature, an encrypted reasoning item, search state) that must
 * go back unchanged and in place, to a key of the same account and the same model, or not at all.
 *
 * @param provider the wire format that issued it, e.g. {@code anthropic}
 * @param account the vendor account it is bound to; null when it came in through the vendor's own
 *     wire format, which does not say
 * @param model the vendor's model id it is bound to; null when unknown
 * @param data the vendor's state, in a form that only that vendor's adapter reads
 */
public record Seal(String provider, @Nullable String account, @Nullable String model, String data) {

    /** Whether this may be sent to the given account and model of the given vendor. */
    public boolean fits(String toProvider, String toAccount, String toModel) {
        return provider.equals(toProvider)
                && (account == null || account.equals(toAccount))
                && (model == null || model.equals(toModel));
    }
}
