/** How targets have answered of late: what the planner weighs them by, and whom it leaves alone. */
@NullMarked
package dev.pillion.sidecar.health;

import org.jspecify.annotations.NullMarked;
