package dev.pillion.sidecar.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The JSON Schema (draft 2020-12) of the configuration document, for editors and pipelines. */
public final class ConfigSchema {
    private static final String RESOURCE = "config.schema.json";

    private ConfigSchema() {}

    /** The schema's text, as {@code pillion config schema} prints it. */
    public static String text() {
        return resource(RESOURCE);
    }

    static String resource(String name) {
        try (InputStream in = ConfigSchema.class.getResourceAsStream(name)) {
            byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
