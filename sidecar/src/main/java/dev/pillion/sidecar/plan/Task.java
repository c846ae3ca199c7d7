package dev.pillion.sidecar.plan;

/** What is to be done with a request. */
public enum Task {
    /** Answer it. */
    ANSWER,
    /** Turn its inputs into vectors; those of two models never match. */
    EMBED,
    /** Count its tokens; two models count differently. */
    COUNT,
    /** Hand it on to the one provider named, whatever it is. */
    RAW
}
