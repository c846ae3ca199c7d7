package dev.pillion.sidecar.simulate.anthropic;

/** How a prompt's tokens divide between fresh, read from the cache, and written to it. */
record PromptUsage(int fresh, int read, int written5m, int written1h) {}
