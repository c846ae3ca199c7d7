package dev.pillion.sidecar.upstream;

/**
 * What became of the connections to one origin, all loops together.
 *
 * @param origin scheme, host, port, and the proxy on the way
 * @param opened connections that ever stood
 * @param reused requests that took a connection which had served another
 * @param open connections that stand now
 * @param idle those of them that wait for a request
 */
public record OriginCounts(String origin, long opened, long reused, long open, long idle) {

    OriginCounts plus(OriginCounts more) {
        return new OriginCounts(
                origin,
                opened + more.opened,
                reused + more.reused,
                open + more.open,
                idle + more.idle);
    }
}
