/**
 * Simulated OpenAI: Chat Completions and Responses, as strict as the vendor. State of knowledge
 * 2026-11-22.
 */
@NullMarked
package dev.pillion.sidecar.simulate.openai;

import org.jspecify.annotations.NullMarked;
