package dev.pillion.sidecar.upstream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are trusted: the JDK's store, the system's bundle, and a file of our own. */
final class Trust {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    /** Debian and Alpine; Fedora and its kin; SUSE; the BSD way. The first that is there counts. */
    private static final List<Path> SYSTEM_BUNDLES =
            List.of(
                    Path.of("/etc/ssl/certs/ca-certificates.crt"),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
                    Path.of("/etc/ssl/ca-bundle.pem"),
                    Path.of("/etc/ssl/cert.pem"));

    private Trust() {}

    /** Managers that trust the JDK's and the system's roots, and the given ones. */
    static TrustManagerFactory managers(Collection<X509Certificate> own)
            throws GeneralSecurityException, IOException {
        Set<X509Certificate> roots = new LinkedHashSet<>(own);
        List<X509Certificate> ofJdk = ofJdk();
        roots.addAll(ofJdk);
        roots.addAll(ofSystem(ofJdk));
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (X509Certificate root : roots) {
            store.setCertificateEntry("root-" + number++, root);
        }
        return managers(store);
    }

    /**
     * The certificates of a PEM file.
     *
     * @throws IllegalArgumentException if it can't be read or holds none
     */
    static List<X509Certificate> file(Path path) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (String block : blocks(Files.readString(path, StandardCharsets.ISO_8859_1))) {
                certificates.add(certificate(block));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("CA file " + path + ": can't be read", e);
        } catch (CertificateException | IllegalArgumentException e) {
            String which = "certificate " + (certificates.size() + 1);
            throw new IllegalArgumentException(
                    "CA file " + path + ": " + which + " is broken (expected: PEM, X.509)", e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(
                    "CA file " + path + ": holds no certificate (expected: at least one, in PEM)");
        }
        return certificates;
    }

    private static List<X509Certificate> ofJdk() throws GeneralSecurityException {
        List<X509Certificate> roots = new ArrayList<>();
        for (TrustManager manager : managers((KeyStore) null).getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                roots.addAll(Arrays.asList(x509.getAcceptedIssuers()));
            }
        }
        return roots;
    }

    @SuppressWarnings("NullAway") // The JDK takes null for its own store, and is not annotated so.
    private static TrustManagerFactory managers(@Nullable KeyStore store)
            throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    /**
     * Whether the file is the system's bundle, whose certificates are trusted without being named.
     */
    static boolean isSystems(Path file) {
        Path bundle = systemBundle();
        try {
            return bundle != null && Files.isSameFile(bundle, file);
        } catch (IOException e) {
            return false; // Whoever reads it says what is wrong.
        }
    }

    private static @Nullable Path systemBundle() {
        for (Path bundle : SYSTEM_BUNDLES) {
            if (Files.isReadable(bundle)) {
                return bundle;
            }
        }
        return null;
    }

    /** Most of them are the JDK's as well, and reading a certificate takes much of a start. */
    private static List<X509Certificate> ofSystem(List<X509Certificate> known)
            throws IOException, CertificateException {
        Path bundle = systemBundle();
        if (bundle == null) {
            return List.of();
        }
        Set<ByteBuffer> encoded = new HashSet<>();
        for (X509Certificate root : known) {
            encoded.add(ByteBuffer.wrap(root.getEncoded()));
        }
        List<X509Certificate> others = new ArrayList<>();
        for (String block : blocks(Files.readString(bundle, StandardCharsets.ISO_8859_1))) {
            X509Certificate other = unless(encoded, block);
            if (other != null) {
                others.add(other);
            }
        }
        return others;
    }

    /** One root that this JDK can't read must not cost all others. */
    private static @Nullable X509Certificate unless(Set<ByteBuffer> known, String block) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(block);
            return known.contains(ByteBuffer.wrap(der)) ? null : certificate(der);
        } catch (CertificateException | IllegalArgumentException e) {
            return null;
        }
    }

    private static X509Certificate certificate(String base64) throws CertificateException {
        return certificate(Base64.getMimeDecoder().decode(base64));
    }

    private static X509Certificate certificate(byte[] der) throws CertificateException {
        var factory = CertificateFactory.getInstance("X.509");
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    }

    /** What stands between the markers of a PEM text. */
    private static List<String> blocks(String pem) {
        List<String> blocks = new ArrayList<>();
        int begin = pem.indexOf(BEGIN);
        while (begin >= 0) {
            int end = pem.indexOf(END, begin);
            if (end < 0) {
                blocks.add(pem.substring(begin + BEGIN.length()));
                break;
            }
            blocks.add(pem.substring(begin + BEGIN.length(), end));
            begin = pem.indexOf(BEGIN, end);
        }
        return blocks;
    }
}
