package dev.pillion.sidecar.admit;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who says to be calling.
 *
 * @param uid as the kernel says; null on TCP, where nobody knows
 * @param name as {@code x-pillion-caller} says; null: nothing said
 */
public record Claim(@Nullable Long uid, @Nullable String name, Map<String, String> tags) {}
