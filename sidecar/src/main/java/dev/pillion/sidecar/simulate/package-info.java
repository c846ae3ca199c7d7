/** Simulated vendors that speak the real wire formats, with faults on demand. */
@NullMarked
package dev.pillion.sidecar.simulate;

import org.jspecify.annotations.NullMarked;
