package dev.pillion.sidecar.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What the admin socket asks of the daemon; its one implementation sits at the composition root.
 */
public interface Desk {

    /** How the daemon is. */
    ObjectNode status();

    /** Reads the configuration again. Blocks. */
    Reloaded reload();

    ObjectNode version();

    /** What came of a reload; no problems: the new configuration is in force. */
    record Reloaded(List<String> problems, List<String> warnings) {}
}
