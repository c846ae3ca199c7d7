/**
 * The last step of a build: completes the distribution with a runtime of its own, native libraries,
 * and a cache made by a training run. Nothing of it runs in a daemon.
 */
@NullMarked
package dev.pillion.sidecar.training;

import org.jspecify.annotations.NullMarked;
