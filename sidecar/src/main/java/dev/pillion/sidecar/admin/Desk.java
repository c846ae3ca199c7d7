package dev.pillion.sidecar.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

    /** How providers and models have answered of late. */
    ObjectNode health();

    /** What came of a reload; no problems: the new configuration is in force. */
    record Reloaded(List<String> problems, List<String> warnings) {}
}
