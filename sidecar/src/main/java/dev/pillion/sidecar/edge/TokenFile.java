package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.telemetry.Diagnostics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;

/** A bearer token in a file; read again when the file changes, never on a loop. */
final class TokenFile implements AutoCloseable {
    private static final int MAX_BYTES = 64 << 10;

    private final Path path;
    private final Duration every;
    private final Diagnostics diagnostics;
    private final Thread watcher;
    private volatile byte[] token;

    private TokenFile(Path path, byte[] token, Duration every, Diagnostics diagnostics) {
        this.path = path;
        this.token = token;
        this.every = every;
        this.diagnostics = diagnostics;
        this.watcher = Thread.ofVirtual().name("token-file").unstarted(this::watch);
    }

    static TokenFile open(Path path, Duration every, Diagnostics diagnostics)
            throws ListenException {
        try {
            TokenFile file = new TokenFile(path, read(path), every, diagnostics);
            file.watcher.start();
            return file;
        } catch (IOException e) {
            throw new ListenException(
                    "cannot read the token file " + path + ": " + Reasons.of(e), e);
        }
    }

    /** Takes as long for any wrong token of the same length. */
    boolean matches(String offered) {
        return MessageDigest.isEqual(token, offered.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] read(Path path) throws IOException {
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException("larger than " + MAX_BYTES + " bytes");
        }
        String text = Files.readString(path, StandardCharsets.ISO_8859_1).strip();
        if (text.isEmpty()) {
            throw new IOException("it is empty (expected: a token)");
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void watch() {
        boolean readable = true;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(every);
                token = read(path);
                readable = true;
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                if (readable) {
                    String reason = Reasons.of(e);
                    diagnostics.warn("token file " + path + ": " + reason + "; old one kept");
                }
                readable = false;
            }
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
