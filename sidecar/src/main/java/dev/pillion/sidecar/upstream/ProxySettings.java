package dev.pillion.sidecar.upstream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Through which proxy which target is reached, as the environment says: {@code https_proxy}, {@code
 * http_proxy} and {@code no_proxy} or their upper-case forms, of which the lower-case one wins.
 *
 * <p>As with curl, only {@code no_proxy} makes an exception: a loopback target, too, goes through
 * the proxy of its scheme unless {@code no_proxy} names it.
 */
public final class ProxySettings {
    public static final ProxySettings NONE = new ProxySettings(null, null, NoProxy.NONE);

    private final @Nullable Proxy http;
    private final @Nullable Proxy https;
    private final NoProxy except;

    private ProxySettings(@Nullable Proxy http, @Nullable Proxy https, NoProxy except) {
        this.http = http;
        this.https = https;
        this.except = except;
    }

    /**
     * Reads the settings from an environment.
     *
     * @throws IllegalArgumentException for a proxy that is not {@code http://host:port}; the
     *     message names the variable and holds no credentials
     */
    public static ProxySettings parse(Map<String, String> environment) {
        String except = value(environment, "no_proxy", "NO_PROXY");
        return new ProxySettings(
                proxy(environment, "http_proxy", "HTTP_PROXY"),
                proxy(environment, "https_proxy", "HTTPS_PROXY"),
                NoProxy.parse(except));
    }

    /** The proxy towards that target, null for none. */
    @Nullable Proxy proxyTo(boolean secure, String host, int port) {
        Proxy proxy = secure ? https : http;
        return proxy == null || except.holds(host, port) ? null : proxy;
    }

    private static @Nullable Proxy proxy(Map<String, String> environment, String... names) {
        for (String name : names) {
            String value = environment.getOrDefault(name, "").strip();
            if (!value.isEmpty()) {
                return Proxy.parse(name, value);
            }
        }
        return null;
    }

    private static String value(Map<String, String> environment, String... names) {
        for (String name : names) {
            String value = environment.getOrDefault(name, "");
            if (!value.isBlank()) {
                return value;
            }
        }
        return "";
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return "http: " + http + ", https: " + https;
    }
}
