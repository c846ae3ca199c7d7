package dev.pillion.sidecar.simulate.xai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.sidecar.simulate.kit.Trees;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Completions that are fetched later: at the first time they are still running, at the second they
 * are there, and then they are gone. Bounded; the oldest are forgotten first.
 */
final class Deferred {
    static final String PATH = "/chat/deferred-completion/";
    private static final int MAX_ENTRIES = 1_000;

    private final Map<String, State> states =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, State> eldest) {
                    return size() > MAX_ENTRIES;
                }
            };

    /** How far a completion is. */
    sealed interface State {}

    /** Never begun, or fetched already. */
    record Nothing() implements State {}

    record Running(ObjectNode completion) implements State {}

    record Ready(ObjectNode completion) implements State {}

    /** What is answered to the one who began it. */
    synchronized ObjectNode begin(ObjectNode completion, String requestId) {
        states.put(requestId, new Running(completion));
        return Trees.object().put("request_id", requestId);
    }

    synchronized State fetch(String requestId) {
        var state = states.remove(requestId);
        return switch (state) {
            case null -> new Nothing();
            case Running(var completion) -> {
                states.put(requestId, new Ready(completion));
                yield state;
            }
            case Ready _, Nothing _ -> state;
        };
    }
}
