/**
 * Rehearsals of routing: the planner, health and dispatch that serve requests run here on virtual
 * time, against virtual vendors whose weather a scenario writes.
 */
@NullMarked
package dev.pillion.sidecar.rehearse;

import org.jspecify.annotations.NullMarked;
