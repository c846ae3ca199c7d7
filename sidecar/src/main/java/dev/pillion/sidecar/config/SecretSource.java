package dev.pillion.sidecar.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Looks secrets up where a document says they are. Reads files, so never on an event loop. */
public final class SecretSource {
    private static final int LARGEST_BYTES = 64 * 1024;

    private final Map<String, String> environment;

    public SecretSource(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * A secret that can't be had; the message says where it was looked for and never what it is.
     */
    public static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message);
        }
    }

    /**
     * The secret behind a reference.
     *
     * @throws Missing when the variable or file is not there, empty, too large or unfit to be sent
     */
    public Secret resolve(SecretRef ref) throws Missing {
        return switch (ref) {
            case SecretRef.Inline inline -> inline.secret();
            case SecretRef.Env env -> fromEnvironment(env.name());
            case SecretRef.File file -> fromFile(file.path());
        };
    }

    private Secret fromEnvironment(String name) throws Missing {
        String value = environment.get(name);
        if (value == null) {
            throw new Missing("the environment variable " + name + " is not set");
        }
        return checked(value.strip(), "the environment variable " + name);
    }

    private static Secret fromFile(Path path) throws Missing {
        try (var in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES) {
                throw new Missing(
                        "the file " + path + " is larger than " + LARGEST_BYTES + " bytes");
            }
            return checked(new String(bytes, StandardCharsets.UTF_8).strip(), "the file " + path);
        } catch (NoSuchFileException e) {
            throw new Missing("the file " + path + " does not exist");
        } catch (IOException e) {
            throw new Missing("the file " + path + " can't be read");
        }
    }

    private static Secret checked(String value, String where) throws Missing {
        if (value.isEmpty()) {
            throw new Missing(where + " is empty");
        }
        if (!fitsHeader(value)) {
            throw new Missing(where + " holds characters that a header can't carry");
        }
        return new Secret(value);
    }

    /** A key goes into a header field: visible ASCII, and at most 8 KiB of it. */
    static boolean fitsHeader(String value) {
        return value.length() <= 8192 && value.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
