package dev.pillion.sidecar.config;

import java.util.Locale;

/** The wire format that a provider's servers speak. */
public enum Speaks {
    ANTHROPIC("https://api.anthropic.com", ""),
    OPENAI("https://api.openai.com", "/v1"),
    XAI("https://api.x.ai", "/v1"),
    GEMINI("https://generativelanguage.googleapis.com", "");

    private final String vendorUrl;
    private final String versionPath;

    Speaks(String vendorUrl, String versionPath) {
        this.vendorUrl = vendorUrl;
        this.versionPath = versionPath;
    }

    /** The word in the configuration, which is also the name of the vendor's built-in provider. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where the vendor itself serves: origin without the API version. */
    String vendorUrl() {
        return vendorUrl;
    }

    /** The API version's path where servers of this format are addressed with it; else empty. */
    String versionPath() {
        return versionPath;
    }
}
