package dev.pillion.sidecar.cli;

/** What a command prints: for people, or for programs. */
enum Output {
    TABLE,
    JSON
}
