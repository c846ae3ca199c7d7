package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.exchange.Door;
import dev.pillion.sidecar.exchange.Handler;

/** What a listener gives each of its connections. */
record DoorSetup(Door door, Handler handler, Gate gate, int maxBodyBytes) {

    /** Whether a drain waits for it; the admin socket and the probes serve to the end. */
    boolean drains() {
        return door == Door.DATA_SOCKET || door == Door.DATA_TCP;
    }
}
