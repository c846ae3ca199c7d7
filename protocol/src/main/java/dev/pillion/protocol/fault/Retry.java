package dev.pillion.protocol.fault;

/** Where trying again makes sense, before anything was handed to the caller. */
public enum Retry {
    /** Nowhere: every vendor would say the same, or the caller must change something. */
    NEVER,
    /** At the same vendor after a pause, and at any other. */
    ANYWHERE,
    /** At another vendor, account or key, but not at the same one. */
    ELSEWHERE,
    /** At a model with a larger context window. */
    LARGER_CONTEXT
}
