package dev.pillion.sidecar.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySettingsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    example.com          | example.com     | 443 | direct
                    example.com          | api.example.com | 443 | direct
                    example.com          | badexample.com  | 443 | proxy
                    .example.com         | api.example.com | 443 | direct
                    .example.com         | example.com     | 443 | direct
                    *.example.com        | api.example.com | 443 | direct
                    EXAMPLE.com          | Api.Example.COM | 443 | direct
                    example.com.         | api.example.com | 443 | direct
                    example.com          | api.example.com.| 443 | direct
                    api.example.com:8443 | api.example.com | 8443| direct
                    api.example.com:8443 | api.example.com | 443 | proxy
                    a.test, b.test       | b.test          | 80  | direct
                    a.test b.test        | b.test          | 80  | direct
                    *                    | anything.test   | 80  | direct
                    10.1.2.3             | 10.1.2.3        | 80  | direct
                    10.1.2.3             | 10.1.2.30       | 80  | proxy
                    10.1.2.3:80          | 10.1.2.3        | 81  | proxy
                    10.0.0.0/8           | 10.200.1.1      | 80  | direct
                    10.0.0.0/8           | 11.0.0.1        | 80  | proxy
                    192.168.4.0/22       | 192.168.7.255   | 80  | direct
                    192.168.4.0/22       | 192.168.8.0     | 80  | proxy
                    0.0.0.0/0            | 8.8.8.8         | 80  | direct
                    10.0.0.0/99          | 10.0.0.0        | 80  | proxy
                    10.0.0.0/8           | name.test       | 80  | proxy
                    ::1                  | ::1             | 80  | direct
                    [::1]:80             | ::1             | 80  | direct
                    fd00::/8             | fd12:3::4       | 80  | direct
                    fd00::/8             | fe80::1         | 80  | proxy
                    localhost            | localhost       | 80  | direct
                    localhost            | 127.0.0.1       | 80  | proxy
                    ,, ,                 | a.test          | 80  | proxy
                    """)
    @DisplayName("F55 NO_PROXY names hosts, suffixes, addresses, networks and ports")
    void noProxyNamesWhatIsReachedDirectly(String except, String host, int port, String way) {
        var settings = ProxySettings.parse(Map.of("https_proxy", "http://p:1", "NO_PROXY", except));
        assertEquals(way.equals("direct"), settings.proxyTo(true, host, port) == null);
    }

    @Test
    void eachSchemeHasItsOwnProxyAndLowerCaseWins() {
        var settings =
                ProxySettings.parse(
                        Map.of(
                                "HTTPS_PROXY", "http://upper:3128",
                                "https_proxy", "http://lower:3128",
                                "HTTP_PROXY", "plain"));
        assertEquals("http://lower:3128", settings.proxyTo(true, "a.test", 443) + "");
        assertEquals("http://plain:1080", settings.proxyTo(false, "127.0.0.1", 80) + "");
        assertEquals("null", ProxySettings.NONE.proxyTo(true, "a.test", 443) + "");
    }

    @Test
    void credentialsAreDecodedForTheProxyAndNeverShown() {
        Proxy proxy = Proxy.parse("https_proxy", "http://us%40er:pa%3Ass+w@proxy.test:8080/");
        assertEquals("Basic dXNAZXI6cGE6c3Mrdw==", proxy.authorization());
        assertEquals("http://proxy.test:8080", proxy.toString());
        assertEquals("Basic dXNlcjo=", Proxy.parse("x", "user@[::1]:80").authorization());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://user:canary@proxy:1080",
                "https://user:canary@proxy:1080",
                "http://user:canary@",
                "http://user:canary@proxy:99999",
                "http://user:canary %@proxy"
            })
    void anythingElseIsRefusedByNameWithoutItsCredentials(String value) {
        var e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ProxySettings.parse(Map.of("HTTPS_PROXY", value)));
        assertEquals(0, e.getMessage().indexOf("HTTPS_PROXY: "), e.getMessage());
        assertFalse((e + " " + e.getCause()).contains("canary"), e.getMessage());
    }
}
