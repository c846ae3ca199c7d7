package dev.pillion.sidecar.exchange;

/** Through which listener a request came. */
public enum Door {
    DATA_SOCKET,
    DATA_TCP,
    ADMIN,
    PROBES
}
