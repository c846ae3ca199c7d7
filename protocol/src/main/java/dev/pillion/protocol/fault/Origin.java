package dev.pillion.protocol.fault;

/** Whose fault it is. */
public enum Origin {
    /** The request itself: the same everywhere. */
    CALLER,
    /** Pillion's key at a vendor: refused, or out of money. */
    CREDENTIAL,
    /** The vendor: overloaded, broken, speaking nonsense. */
    VENDOR,
    /** What lies between: no route, no TLS, a cut connection. */
    NETWORK,
    /** Pillion. */
    PILLION
}
