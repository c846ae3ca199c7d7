package dev.pillion.sidecar.upstream;

/** Sends requests to vendors: the seam to Netty, and to a simulated network. */
public interface Vendors extends AutoCloseable {

    /** Sends on the loop; the listener hears of it on the same loop, never before this returns. */
    VendorCall send(Loop loop, VendorRequest request, VendorListener listener);

    @Override
    void close();
}
