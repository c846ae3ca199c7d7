package dev.pillion.sidecar.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a secret is to be found: {@code env:NAME}, {@code file:/path}, or in the document. */
public sealed interface SecretRef {

    /** An environment variable of the daemon. */
    record Env(String name) implements SecretRef {}

    /** A file that holds nothing else; one line end at its end is not part of it. */
    record File(Path path) implements SecretRef {}

    /** The secret itself. */
    record Inline(Secret secret) implements SecretRef {}

    static @Nullable SecretRef read(Cursor at) {
        String text =
                at.node() instanceof Node.Scalar s && s.kind() == Node.Kind.TEXT ? s.text() : "";
        if (text.isBlank()) {
            at.problems().add(at, "no text", "env:NAME, file:/path or the secret itself in quotes");
            return null;
        }
        if (text.startsWith("env:")) {
            return env(at, text.substring("env:".length()));
        }
        if (text.startsWith("file:")) {
            return file(at, text.substring("file:".length()));
        }
        if (!SecretSource.fitsHeader(text)) {
            at.problems().add(at, "(hidden)", "a secret of visible ASCII characters");
            return null;
        }
        return new Inline(new Secret(text));
    }

    private static @Nullable SecretRef env(Cursor at, String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
            at.problems().add(at, "env: and no variable's name", "env:NAME");
            return null;
        }
        return new Env(name);
    }

    private static @Nullable SecretRef file(Cursor at, String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            at.problems().add(at, "file: and no absolute path", "file:/path");
            return null;
        }
        return new File(Path.of(path));
    }
}
