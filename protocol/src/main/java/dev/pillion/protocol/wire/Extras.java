package dev.pillion.protocol.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Raw fields that the uniform form has no word for, kept for the vendor whose format has one.
 *
 * @param byVendor the fields, by wire format
 * @param optional true: meant for that vendor only, and others go without (the uniform {@code
 *     vendor} key); false: part of what was asked on a vendor's own surface, so that another vendor
 *     refuses them by name
 */
public record Extras(Map<String, ObjectNode> byVendor, boolean optional) {
    public static final Extras NONE = new Extras(Map.of(), true);

    /** Fields met on a vendor's own surface; {@link #NONE} when there are none. */
    public static Extras of(String vendor, ObjectNode fields) {
        return fields.isEmpty() ? NONE : new Extras(Map.of(vendor, fields), false);
    }

    public boolean isEmpty() {
        return byVendor.isEmpty();
    }

    public @Nullable ObjectNode forVendor(String vendor) {
        return byVendor.get(vendor);
    }
}
