package dev.pillion.sidecar.config;

import java.util.regex.Pattern;

/** What a model id may look like: it ends up in paths and headers, so it holds no tricks. */
public final class ModelIds {
    /** Longest id in characters. */
    public static final int LONGEST_CHARS = 200;

    static final String EXPECTED =
            "letters, digits and . _ : / @ + - only, no '..', at most " + LONGEST_CHARS + " long";
    private static final Pattern ID =
            Pattern.compile("[A-Za-z0-9._:/@+-]{1," + LONGEST_CHARS + "}");

    private ModelIds() {}

    /** Whether a name is fit to be a model's id, qualified or not. */
    public static boolean valid(String id) {
        return ID.matcher(id).matches()
                && !id.contains("..")
                && !id.contains("//")
                && !id.startsWith("/")
                && !id.endsWith("/");
    }

    /** The provider's name in a qualified id; empty when there is none. */
    public static String provider(String id) {
        int slash = id.indexOf('/');
        return slash < 0 ? "" : id.substring(0, slash);
    }

    /** What follows the provider in a qualified id. */
    public static String vendorId(String id) {
        return id.substring(id.indexOf('/') + 1);
    }
}
