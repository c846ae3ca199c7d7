package dev.pillion.sidecar.edge;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words why a file or an address could not be had. */
final class Reasons {
    private Reasons() {}

    static String of(Throwable thrown) {
        return switch (thrown) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file or directory";
            case NotDirectoryException _ -> "not a directory";
            default -> {
                String message = thrown.getMessage();
                yield message == null ? thrown.getClass().getSimpleName() : message;
            }
        };
    }
}
