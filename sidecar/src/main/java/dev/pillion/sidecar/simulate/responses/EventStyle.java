package dev.pillion.sidecar.simulate.responses;

/**
 * Where the vendors' streams of a response differ.
 *
 * @param wholeCalls a call's arguments come in one delta
 * @param annotationsLast annotations come after all of the text, not after what they cite
 * @param tellsProgress tools of the vendor's own report their progress
 * @param obfuscates deltas are padded, so that their length tells nothing
 * @param partialSeals encrypted content is begun where its item is
 */
public record EventStyle(
        boolean wholeCalls,
        boolean annotationsLast,
        boolean tellsProgress,
        boolean obfuscates,
        boolean partialSeals) {}
