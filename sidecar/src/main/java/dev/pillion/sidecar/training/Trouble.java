package dev.pillion.sidecar.training;

/** Why a part of the distribution could not be made; the distribution works without it. */
final class Trouble extends Exception {
    private static final long serialVersionUID = 1L;

    Trouble(String message) {
        super(message);
    }
}
