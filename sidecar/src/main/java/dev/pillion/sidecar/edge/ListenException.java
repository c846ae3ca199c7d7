package dev.pillion.sidecar.edge;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A listener that could not be opened; the message says which, why, and what to do. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    ListenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
