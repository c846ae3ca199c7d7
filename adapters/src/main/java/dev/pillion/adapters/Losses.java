package dev.pillion.adapters;

import dev.pillion.protocol.fault.Fault;
import dev.pillion.protocol.wire.Extras;
import java.util.ArrayList;
import java.util.List;

/** Refuses by name what a vendor can't express, or under {@code lossy: allow} lists it. */
public final class Losses {
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
                        fields.fieldNames()
                                .forEachRemaining(name ->
                                        lose(
                                                pointer + "/" + name,
                                                "a field of " + vendor + " only"));
                    }
                });
    }

    public List<String> dropped() {
        return List.copyOf(dropped);
    }
}
