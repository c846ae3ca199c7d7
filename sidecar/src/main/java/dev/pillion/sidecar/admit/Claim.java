package dev.pillion.sidecar.admit;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who says to be calling.
 *
 * @param uid as the kernel says; null on TCP, where nobody knows
 * @param name as {@code x-pillion-caller} says; null: nothing said
 */
public record Claim(@Nullable Long uid, @Nullable String name, Map<String, String> tags) {
    /** What a caller, or a tag, may be called. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@-]{1,64}");
}
