package dev.pillion.sidecar.simulate.kit;

import java.util.Set;

/**
 * The part of JSON Schema that a vendor's constrained decoding takes.
 *
 * @param refused keywords that it answers with an error
 * @param allRequired every property has to be in {@code required}
 * @param formats the known string formats; empty: any
 * @param recursion whether a {@code $ref} may lead back to where it stands
 */
public record SchemaRules(
        Set<String> refused,
        boolean allRequired,
        Set<String> formats,
        boolean recursion,
        int maxMinItems,
        int maxOptional,
        int maxProperties,
        int maxEnumValues,
        int maxDepth) {}
