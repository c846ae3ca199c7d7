/** The commands. */
@NullMarked
package dev.pillion.sidecar.cli;

import org.jspecify.annotations.NullMarked;
