package dev.pillion.sidecar.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.wire.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the admin socket asks of the daemon; its one implementation sits at the composition root.
 */
public interface Desk {

    /** How the daemon is. */
    ObjectNode status();

    /** Reads the configuration again. Blocks. */
    Reloaded reload();

    ObjectNode version();

    /**
     * What was used and spent. Blocks.
     *
     * @param by null: by caller
     * @param since null: since ever
     * @param until null: until now
     * @throws IllegalArgumentException naming what of these can't be understood
     */
    ObjectNode usage(@Nullable String by, @Nullable String since, @Nullable String until);

    /** The callers' budgets today, and what of them is left. */
    ObjectNode limits();

    /**
     * How a request would be planned now; nothing is changed or sent.
     *
     * @param path of the surface that it would be posted to
     * @param headers those of Pillion's own are heeded
     * @throws dev.pillion.protocol.fault.FaultException that says what is wrong with it
     */
    ObjectNode explain(String path, Headers headers, byte[] request);

    /** Classes and aliases, with whom they would ask now. */
    ObjectNode routes();

    /** How providers and models have answered of late. */
    ObjectNode health();

    /** What came of a reload; no problems: the new configuration is in force. */
    record Reloaded(List<String> problems, List<String> warnings) {}
}
