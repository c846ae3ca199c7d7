package dev.pillion.sidecar.upstream;

import org.jspecify.annotations.Nullable;

/** Whereto and which way: what connections must have in common to stand for one another. */
record Route(boolean secure, String host, int port, @Nullable Proxy proxy) {

    /** Whether the proxy only carries bytes, after a CONNECT. */
    boolean tunnelled() {
        return secure && proxy != null;
    }

    /** The host to connect to first. */
    String firstHost() {
        return proxy == null ? host : proxy.host();
    }

    int firstPort() {
        return proxy == null ? port : proxy.port();
    }

    String hostAndPort() {
        return Authority.text(host, port);
    }

    /** As a URL has it: without the scheme's own port. */
    String hostHeader() {
        boolean usual = port == (secure ? 443 : 80);
        return usual ? Authority.bracketed(host) : hostAndPort();
    }

    @Override
    public String toString() {
        String target = (secure ? "https://" : "http://") + hostHeader();
        return proxy == null ? target : target + " via " + proxy;
    }
}
