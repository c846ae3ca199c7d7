/**
 * The configuration document: read, checked as a whole, merged with the built-in catalog, and
 * turned into the immutable {@link dev.pillion.sidecar.config.Snapshot} that a request sees from
 * start to end.
 *
 * <p>The way through: text → {@link dev.pillion.sidecar.config.ConfigReader} → {@link
 * dev.pillion.sidecar.config.Config} → {@link dev.pillion.sidecar.config.Snapshot}. Nothing here
 * touches the network, and nothing prints a secret.
 */
@NullMarked
package dev.pillion.sidecar.config;

import org.jspecify.annotations.NullMarked;
