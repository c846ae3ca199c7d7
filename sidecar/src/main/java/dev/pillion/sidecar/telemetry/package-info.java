/** The request log and the metrics. */
@NullMarked
package dev.pillion.sidecar.telemetry;

import org.jspecify.annotations.NullMarked;
