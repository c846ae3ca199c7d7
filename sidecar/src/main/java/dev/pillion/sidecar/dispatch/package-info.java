/** Attempts, retry and failover, and the health that steers them. */
@NullMarked
package dev.pillion.sidecar.dispatch;

import org.jspecify.annotations.NullMarked;
