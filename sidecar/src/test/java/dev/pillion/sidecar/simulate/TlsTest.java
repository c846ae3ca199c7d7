package dev.pillion.sidecar.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A simulator behind HTTPS, with a certificate of a private authority. */
class TlsTest {
    @TempDir private Path folder;

    @Test
    void aSimulatorServesHttpsToThoseWhoTrustItsAuthority() throws Exception {
        var certificates = TestCertificates.in(folder);
        var options =
                Simulator.Options.anthropic().withTls(certificates.chain(), certificates.key());
        try (var simulator = Simulator.start(options);
                var trusting =
                        HttpClient.newBuilder()
                                .sslContext(trusting(certificates.authority()))
                                .build();
                var stranger = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create(simulator.origin() + "/v1/models"))
                            .header("x-api-key", "a-key")
                            .build();
            var reply = trusting.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, reply.statusCode());
            assertThrows(
                    SSLException.class,
                    () -> stranger.send(request, HttpResponse.BodyHandlers.ofString()));
        }
    }

    private static SSLContext trusting(Path authority) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (var pem = Files.newInputStream(authority)) {
            var certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            trusted.setCertificateEntry("authority", certificate);
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
