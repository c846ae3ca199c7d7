package dev.pillion.sidecar.cli;

/** Whether something that the daemon does for its operators is done. */
enum OnOff {
    ON,
    OFF
}
