package dev.pillion.sdks;

import java.util.Locale;

/** The simulated vendors, in the table's order, each with the model that the suites name. */
enum Vendor {
    ANTHROPIC("claude-sonnet-5"),
    OPENAI("gpt-6.1-terra"),
    XAI("grok-4.6"),
    GEMINI("gemini-4-hydrogen");

    private final String model;

    Vendor(String model) {
        this.model = model;
    }

    /** As the configuration calls it. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The vendor's own id of its model. */
    String model() {
        return model;
    }

    /** The same, as an SDK of another vendor has to name it. */
    String qualified() {
        return id() + "/" + model;
    }
}
