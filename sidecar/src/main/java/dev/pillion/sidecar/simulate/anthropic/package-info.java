/**
 * Simulated Anthropic: the Messages API of versions 2023-06-01 and 2026-10-21, as strict as the
 * vendor. State of knowledge 2026-11-22.
 */
@NullMarked
package dev.pillion.sidecar.simulate.anthropic;

import org.jspecify.annotations.NullMarked;
