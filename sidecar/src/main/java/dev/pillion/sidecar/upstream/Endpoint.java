package dev.pillion.sidecar.upstream;

import java.net.URI;
import java.time.Duration;

/**
 * Where and how patiently a provider is reached.
 *
 * @param base origin and path prefix, without a slash at the end
 * @param connect until the connection, TLS included, stands
 */
public record Endpoint(String provider, URI base, Duration connect) {}
