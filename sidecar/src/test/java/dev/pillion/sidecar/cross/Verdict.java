package dev.pillion.sidecar.cross;

/** What became of a request on its way to another vendor. */
sealed interface Verdict {
    /** Accepted there, and nothing is missing. */
    record Accepted() implements Verdict {}

    /** Refused here, by name. */
    record Refused(String why) implements Verdict {}

    /** Refused there, or something is missing. */
    record Wrong(String what) implements Verdict {}
}
