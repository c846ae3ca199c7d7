/** Who may call, and how much. */
@NullMarked
package dev.pillion.sidecar.admit;

import org.jspecify.annotations.NullMarked;
