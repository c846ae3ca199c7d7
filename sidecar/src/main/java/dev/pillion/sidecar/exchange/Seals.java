package dev.pillion.sidecar.exchange;

import dev.pillion.protocol.chat.ChatRequest;
import dev.pillion.protocol.chat.Message;
import dev.pillion.protocol.chat.Part;
import dev.pillion.protocol.chat.Seal;
import java.util.HashSet;
import java.util.Set;

/** Which accounts a conversation is bound to. */
final class Seals {
    private Seals() {}

    /** As {@code provider/account}, of every seal that names one. */
    static Set<String> accounts(ChatRequest request) {
        Set<String> accounts = new HashSet<>();
        for (Message message : request.messages()) {
            for (Part part : message.content()) {
                Seal seal = part.seal();
                if (seal != null && seal.account() != null) {
                    accounts.add(seal.provider() + "/" + seal.account());
                }
            }
        }
        return accounts;
    }
}
