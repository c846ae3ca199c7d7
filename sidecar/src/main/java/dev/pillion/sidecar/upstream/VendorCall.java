package dev.pillion.sidecar.upstream;

/** A call under way; used on its loop only. */
public interface VendorCall {

    /** Ends it at once; its connection is closed unless the answer was complete. */
    void cancel();

    /** Reads no more from the vendor until {@link #resume}. */
    void pause();

    void resume();
}
