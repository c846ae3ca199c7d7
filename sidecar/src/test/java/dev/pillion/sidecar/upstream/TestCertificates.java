package dev.pillion.sidecar.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A private CA and servers certified by it, made with the JDK's keytool. */
final class TestCertificates {
    private static final String PASSWORD = "changeit";

    private final Path store;

    TestCertificates(Path folder) throws IOException, InterruptedException {
        store = folder.resolve("test.p12");
        keytool("-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c");
        certify("vendor", "san=dns:localhost,ip:127.0.0.1");
        certify("other", "san=dns:other.test");
    }

    private void certify(String alias, String names) throws IOException, InterruptedException {
        keytool("-alias", alias, "-signer", "ca", "-dname", "CN=" + alias, "-ext", names);
    }

    private void keytool(String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-keystore", store.toString()));
        command.addAll(List.of("-storepass", PASSWORD, "-keyalg", "EC", "-validity", "2"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        byte[] said = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + new String(said, StandardCharsets.UTF_8));
        }
    }

    /** The CA's certificate as a PEM file. */
    Path caFile() throws IOException, GeneralSecurityException {
        byte[] der = load().getCertificate("ca").getEncoded();
        String pem =
                "# a comment, as bundles have them\n-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END CERTIFICATE-----\n";
        return Files.writeString(store.resolveSibling("ca.pem"), pem);
    }

    /** A server's context with that certificate. */
    SSLContext server(String alias) throws IOException, GeneralSecurityException {
        KeyStore all = load();
        char[] password = PASSWORD.toCharArray();
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, password);
        one.setKeyEntry(
                alias, all.getKey(alias, password), password, all.getCertificateChain(alias));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(one, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore all = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            all.load(in, PASSWORD.toCharArray());
        }
        return all;
    }
}
