package dev.pillion.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Refuses by name what a vendor can't express, or under {@code lossy: allow} lists it. */
public final class Losses {
    private static final Set<String> GROUPS =
            Set.of(
                    "generationConfig",
                    "thinkingConfig",
                    "toolConfig",
                    "functionCallingConfig",
                    "retrievalConfig",
                    "reasoning",
                    "text",
                    "output_config");

    private final boolean allowed;
    private final List<String> dropped = new ArrayList<>();

    public Losses(boolean allowed) {
        this.allowed = allowed;
    }

    /**
     * The named field can't be expressed.
     *
     * @param field its JSON pointer in the uniform form, e.g. {@code /sampling/seed}
     * @throws dev.pillion.protocol.fault.FaultException {@code unsupported}, unless losses are
     *     allowed
     */
    public void lose(String field, String why) {
        if (!allowed) {
            throw Fault.unsupported(field + ": " + why, field).asException();
        }
        if (!dropped.contains(field)) {
            dropped.add(field);
        }
    }

    /** Raw fields of another vendor's surface at the place named by the pointer. */
    public void loseForeign(Extras extras, String speaks, String pointer) {
        if (extras.optional()) {
            return;
        }
        extras.byVendor()
                .forEach((vendor, fields) -> {
                    if (!vendor.equals(speaks)) {
                        loseFields(fields, vendor, pointer);
                    }
                });
    }

    /**
     * What only holds settings together is not named, but the settings in it. An empty list asks
     * for nothing, and nothing is lost with it.
     */
    private void loseFields(ObjectNode fields, String vendor, String pointer) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            String at = pointer + "/" + field.getKey();
            if (GROUPS.contains(field.getKey())
                    && field.getValue() instanceof ObjectNode group
                    && !group.isEmpty()) {
                loseFields(group, vendor, at);
            } else if (!field.getValue().isArray() || !field.getValue().isEmpty()) {
                lose(at, "a field of " + vendor + " only");
            }
        }
    }

    public List<String> dropped() {
        return List.copyOf(dropped);
    }
}
