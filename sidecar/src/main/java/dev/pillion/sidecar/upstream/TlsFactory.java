package dev.pillion.sidecar.upstream;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Makes what all TLS connections to vendors share: TLS 1.2 or newer, ALPN {@code http/1.1}, host
 * names verified, sessions resumed.
 */
final class TlsFactory {
    private static final long SESSIONS = 256;

    private TlsFactory() {}

    /** Takes tens of milliseconds and reads files: not for an event loop. */
    static SslContext make(VendorOptions.Tls which, List<X509Certificate> own)
            throws GeneralSecurityException, IOException {
        SslProvider provider =
                switch (which) {
                    case FASTEST ->
                            OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
                    case JDK -> SslProvider.JDK;
                };
        SslContext context =
                SslContextBuilder.forClient()
                        .sslProvider(provider)
                        .trustManager(Trust.managers(own))
                        .protocols("TLSv1.3", "TLSv1.2")
                        .endpointIdentificationAlgorithm("HTTPS")
                        .sessionCacheSize(SESSIONS)
                        .applicationProtocolConfig(
                                new ApplicationProtocolConfig(
                                        ApplicationProtocolConfig.Protocol.ALPN,
                                        ApplicationProtocolConfig.SelectorFailureBehavior
                                                .NO_ADVERTISE,
                                        ApplicationProtocolConfig.SelectedListenerFailureBehavior
                                                .ACCEPT,
                                        "http/1.1"))
                        .build();
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(true);
        }
        return context;
    }
}
