package dev.pillion.sidecar.upstream;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Host and port of a URL; also such hosts as {@link URI#getHost} won't name, with an underscore.
 *
 * @param host lower case, an IPv6 address without its brackets
 * @param port -1: not stated
 */
record Authority(String host, int port) {

    /** Null when the URL names no host, or its port is no port. */
    static @Nullable Authority of(URI uri) {
        String text = uri.getRawAuthority();
        if (text == null) {
            return null;
        }
        return of(text.substring(text.lastIndexOf('@') + 1));
    }

    /** From {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}. */
    static @Nullable Authority of(String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.indexOf(':', Math.max(bracket, 0));
        String host = colon < 0 ? text : text.substring(0, colon);
        if (bracket > 0 && text.startsWith("[")) {
            host = text.substring(1, bracket);
        }
        int port = colon < 0 || colon == text.length() - 1 ? -1 : port(text.substring(colon + 1));
        boolean bad = host.isEmpty() || port == 0;
        return bad ? null : new Authority(host.toLowerCase(Locale.ROOT), port);
    }

    static String text(String host, int port) {
        return bracketed(host) + ":" + port;
    }

    static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** 0 when it is none. */
    private static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(Character::isDigit)) {
            return 0;
        }
        int port = Integer.parseInt(text);
        return port <= 65_535 ? port : 0;
    }
}
