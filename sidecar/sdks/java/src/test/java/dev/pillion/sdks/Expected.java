package dev.pillion.sdks;

import java.util.Set;

/** What a cell is known to come to, where it does not just work. */
sealed interface Expected {
    /** The vendors at which it holds. */
    Set<Vendor> vendors();

    /** Why, in the few words that the table's footnote has. */
    String why();

    /**
     * Pillion refuses by name: the SDK raises its exception for bad requests.
     *
     * @param field what the exception's message has to name
     */
    record Refused(Set<Vendor> vendors, String field, String why) implements Expected {}

    /** Known not to work. It is run all the same, and to work is then a failure. */
    record Fails(Set<Vendor> vendors, String why) implements Expected {}

    /** The SDK, or the vendor, has no such thing. */
    record None(Set<Vendor> vendors, String why) implements Expected {}

    static Expected refused(String field, String why, Vendor... vendors) {
        return new Refused(Set.of(vendors), field, why);
    }

    static Expected fails(String why, Vendor... vendors) {
        return new Fails(Set.of(vendors), why);
    }

    static Expected none(String why, Vendor... vendors) {
        return new None(Set.of(vendors), why);
    }
}
