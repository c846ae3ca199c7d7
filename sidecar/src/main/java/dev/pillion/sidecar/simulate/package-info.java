/**
 * Simulated vendors that speak the real wire formats, with faults on demand. {@link
 * dev.pillion.sidecar.simulate.Simulator} is the door; a further vendor is a package beside {@code
 * anthropic}, {@code gemini}, {@code openai} and {@code xai} that implements {@link
 * dev.pillion.sidecar.simulate.kit.SimulatedVendor}. They share no code with the adapters.
 */
@NullMarked
package dev.pillion.sidecar.simulate;

import org.jspecify.annotations.NullMarked;
