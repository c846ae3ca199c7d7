package dev.pillion.sidecar.edge;

import dev.pillion.sidecar.exchange.Peer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides who may come in through a door. One per listener; used on loops, does not block. */
@FunctionalInterface
interface Gate {

    /** Null lets the request in. */
    @Nullable EdgeFault check(RequestHead head, @Nullable Peer peer);

    /** What the file's mode lets in is let in. */
    static Gate open() {
        return (_, _) -> null;
    }

    /**
     * The same user or root only. Where the system names no peer (no epoll), the socket file's mode
     * 0600 and its directory's 0700 are the wall.
     */
    static Gate sameUser(int ownUid) {
        return (_, peer) ->
                peer == null || peer.uid() == ownUid || peer.uid() == 0
                        ? null
                        : EdgeFault.forbidden(
                                "uid " + peer.uid() + " may not use the admin socket", null);
    }

    /** Keeps browsers out, and callers without the token where there is one. */
    static Gate tcp(boolean remoteAllowed, @Nullable TokenFile token) {
        return (head, _) -> {
            if (head.headers().get("origin") != null) {
                return EdgeFault.forbidden("requests from web pages are not served", "origin");
            }
            String host = head.host();
            if (!remoteAllowed && host != null && !isLoopback(host)) {
                return EdgeFault.forbidden(
                        "the host must be localhost, 127.x.x.x or [::1]", "host");
            }
            return token == null || bears(head, token)
                    ? null
                    : EdgeFault.unauthenticated("a valid bearer token is needed");
        };
    }

    private static boolean isLoopback(String host) {
        String name = withoutPort(host.toLowerCase(Locale.ROOT));
        return name.equals("localhost") || name.equals("[::1]") || isLoopback4(name);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        if (colon < 0 || host.endsWith("]")) {
            return host;
        }
        for (int i = colon + 1; i < host.length(); i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return host;
            }
        }
        return host.substring(0, colon);
    }

    /** Four numbers, the first 127: a name such as 127.evil.example is none. */
    private static boolean isLoopback4(String name) {
        if (!name.startsWith("127.")) {
            return false;
        }
        int dots = 0;
        int digits = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' && digits > 0) {
                dots++;
                digits = 0;
            } else if (c >= '0' && c <= '9' && digits < 3) {
                digits++;
            } else {
                return false;
            }
        }
        return dots == 3 && digits > 0;
    }

    /** In the standard header, or where the vendors' SDKs put what they are given as a key. */
    private static boolean bears(RequestHead head, TokenFile token) {
        String authorization = head.headers().get("authorization");
        if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return token.matches(authorization.substring(7).strip());
        }
        String key = head.headers().get("x-api-key");
        String offered = key != null ? key : head.headers().get("x-goog-api-key");
        if (offered == null) {
            offered = keyInQuery(head.query());
        }
        return offered != null && token.matches(offered);
    }

    /** Where users of Google's REST interface put it; a token has no letter to be encoded. */
    private static @Nullable String keyInQuery(@Nullable String query) {
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                if (pair.startsWith("key=")) {
                    return pair.substring("key=".length());
                }
            }
        }
        return null;
    }
}
