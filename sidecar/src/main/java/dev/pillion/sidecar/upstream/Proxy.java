package dev.pillion.sidecar.upstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy.
 *
 * @param authorization the value of {@code proxy-authorization}; a secret
 */
record Proxy(String host, int port, @Nullable String authorization) {
    private static final int DEFAULT_PORT = 1080;
    private static final String EXPECTED = " (expected: http://[user:password@]host:port)";

    /**
     * Reads {@code [http://][user:password@]host[:port]}; port 1080 if none is named, as curl does.
     *
     * @throws IllegalArgumentException if it is something else; the message holds no credentials
     */
    static Proxy parse(String name, String value) {
        URI uri = uri(name, value);
        if (!"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(
                    name + ": scheme " + uri.getScheme() + " is not supported" + EXPECTED);
        }
        Authority authority = Authority.of(uri);
        if (authority == null) {
            throw new IllegalArgumentException(name + ": names no host" + EXPECTED);
        }
        int port = authority.port() < 0 ? DEFAULT_PORT : authority.port();
        return new Proxy(authority.host(), port, basic(uri.getRawUserInfo()));
    }

    private static URI uri(String name, String value) {
        try {
            return new URI(value.contains("://") ? value : "http://" + value);
        } catch (URISyntaxException e) {
            // Without the cause and the text: both may hold a password.
            throw new IllegalArgumentException(name + ": not a URL" + EXPECTED);
        }
    }

    private static @Nullable String basic(@Nullable String userInfo) {
        if (userInfo == null) {
            return null;
        }
        String plain = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
        byte[] bytes = (plain.contains(":") ? plain : plain + ":").getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(bytes);
    }

    String hostAndPort() {
        return Authority.text(host, port);
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return "http://" + hostAndPort();
    }
}
