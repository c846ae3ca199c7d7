package dev.pillion.sidecar.account;

import dev.pillion.protocol.chat.Usage;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The models that were used and whose price nobody knows, since the daemon began: their cost is
 * missing in every sum. Written by all event loops.
 */
public final class Unpriced {
    private static final int MAX_MODELS = 64;

    private final Map<String, Boolean> models = new ConcurrentHashMap<>();
    private final LongAdder attempts = new LongAdder();

    void add(List<Entry> booked) {
        for (Entry entry : booked) {
            // An attempt that used nothing that anyone knows of has no price to be missing.
            if (entry.cost().usd() == null && !entry.usage().equals(Usage.NONE)) {
                attempts.increment();
                name(entry.provider() + "/" + entry.model());
            }
        }
    }

    private void name(String model) {
        if (models.size() < MAX_MODELS) {
            models.put(model, true);
        }
    }

    /** How many attempts used them. */
    public long attempts() {
        return attempts.sum();
    }

    /** Their qualified ids, sorted; of very many only the first to be used. */
    public List<String> models() {
        return List.copyOf(new TreeSet<>(models.keySet()));
    }
}
