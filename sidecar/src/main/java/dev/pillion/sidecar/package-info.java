/** The process: its entry point and its composition root. */
@NullMarked
package dev.pillion.sidecar;

import org.jspecify.annotations.NullMarked;
