/**
 * Simulated xAI: Responses, and the legacy Chat Completions, as strict as the vendor. From its
 * documentation, protobuf definitions and recordings; state of knowledge 2026-11-22.
 */
@NullMarked
package dev.pillion.sidecar.simulate.xai;

import org.jspecify.annotations.NullMarked;
