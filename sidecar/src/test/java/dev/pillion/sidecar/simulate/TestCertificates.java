package dev.pillion.sidecar.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate authority of our own and a server certificate that it signed for the loopback
 * interface, as PEM files; made by the JDK's keytool.
 */
public final class TestCertificates {
    private static final String PASSWORD = "changeit";
    private final Path folder;
    private final Path authority;
    private final Path chain;
    private final Path key;

    private TestCertificates(Path folder) throws IOException, GeneralSecurityException {
        this.folder = folder;
        this.authority = folder.resolve("ca.pem");
        this.chain = folder.resolve("server.pem");
        this.key = folder.resolve("server-key.pem");
        make();
    }

    /** Makes them in a folder, which has to exist. */
    public static TestCertificates in(Path folder) throws IOException, GeneralSecurityException {
        return new TestCertificates(folder);
    }

    /** The authority's certificate, for a client that is to trust it. */
    public Path authority() {
        return authority;
    }

    /** The server's certificate and the authority's. */
    public Path chain() {
        return chain;
    }

    /** The server's key, PKCS #8. */
    public Path key() {
        return key;
    }

    private void make() throws IOException, GeneralSecurityException {
        pair("ca", "CN=Test Authority", "-ext", "bc:c=ca:true");
        pair("server", "CN=localhost");
        keytool("-certreq", "-alias", "server", "-file", at("request"));
        keytool(
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                at("request"),
                "-outfile",
                at("signed"),
                "-rfc",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "30");
        keytool("-exportcert", "-alias", "ca", "-rfc", "-file", authority.toString());
        Files.writeString(
                chain, Files.readString(folder.resolve("signed")) + Files.readString(authority));
        var keys =
                KeyStore.getInstance(folder.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
        var encoded = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        Files.writeString(
                key, "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n");
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private void pair(String alias, String name, String... more) throws IOException {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "-genkeypair",
                                "-alias",
                                alias,
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                name,
                                "-validity",
                                "30"));
        arguments.addAll(List.of(more));
        keytool(arguments.toArray(String[]::new));
    }

    private void keytool(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", at("keys.p12"), "-storepass", PASSWORD));
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(Files.readString(folder.resolve("keytool.log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
