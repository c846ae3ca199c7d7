package dev.pillion.sidecar.simulate.kit;

/** What the check of a request comes to. */
public sealed interface Verdict<R> {
    /** It is good, and read. */
    record Good<R>(R request) implements Verdict<R> {}

    /** The vendor refuses it so. */
    record Bad<R>(VendorError error) implements Verdict<R> {}
}
