package dev.pillion.sidecar.training;

import dev.pillion.sidecar.simulate.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The simulated vendors of a training run, one of them behind TLS with a certificate made for the
 * day, and the configuration that names them; all in one folder.
 */
final class Classroom implements AutoCloseable {
    private static final String PASSWORD = "training";

    /** A model of each vendor that can do what the lessons ask. */
    static final Map<String, String> MODELS =
            Map.of(
                    "anthropic", "anthropic/claude-sonnet-5-5",
                    "openai", "openai/gpt-6.1-terra",
                    "gemini", "gemini/gemini-4-hydrogen",
                    "xai", "xai/grok-4.6");

    private final Path folder;
    private final Map<String, Simulator> vendors = new LinkedHashMap<>();

    Classroom(Path folder) throws IOException, Trouble, InterruptedException {
        this.folder = folder;
        makeCertificate();
        vendors.put(
                "anthropic",
                Simulator.start(
                        Simulator.Options.anthropic()
                                .withTls(certificate(), folder.resolve("key.pem"))));
        vendors.put("openai", Simulator.start(Simulator.Options.openAi()));
        vendors.put("gemini", Simulator.start(Simulator.Options.gemini()));
        vendors.put("xai", Simulator.start(Simulator.Options.xai()));
        Files.writeString(config(), document());
    }

    /** The document that names the vendors. */
    Path config() {
        return folder.resolve("pillion.yaml");
    }

    /** Whom to trust: the certificate itself. */
    Path certificate() {
        return folder.resolve("certificate.pem");
    }

    private String document() {
        var document = new StringBuilder("version: 1\nproviders:\n");
        vendors.forEach((name, vendor) ->
                document.append(
                        "  %1$s: {base_url: \"%2$s\", keys: [{id: a-%1$s, value: b-%1$s}]}%n"
                                .formatted(name, vendor.origin())));
        return document.append("aliases:\n  any: [")
                .append(String.join(", ", MODELS.values()))
                .append("]\ncallers:\n  default: {budget_usd_per_day: 50}\n")
                .toString();
    }

    /** Connections to this vendor are refused, so that another has to answer. */
    void unplug(String name) {
        Simulator vendor = vendors.get(name);
        if (vendor != null) {
            vendor.faults().refuse();
        }
    }

    void plugIn(String name) {
        Simulator vendor = vendors.get(name);
        if (vendor != null) {
            vendor.faults().accept();
        }
    }

    private void makeCertificate() throws IOException, Trouble, InterruptedException {
        Path store = folder.resolve("keys.p12");
        keytool(
                "-genkeypair -alias t -keyalg EC -groupname secp256r1 -dname CN=localhost"
                        + " -validity 2 -ext san=ip:127.0.0.1,dns:localhost",
                store);
        keytool("-exportcert -alias t -rfc -file " + certificate().getFileName(), store);
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            byte[] key = keys.getKey("t", PASSWORD.toCharArray()).getEncoded();
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
            Files.writeString(
                    folder.resolve("key.pem"),
                    "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new Trouble("the certificate for the training can't be read: " + e.getMessage());
        }
    }

    private void keytool(String arguments, Path store)
            throws IOException, Trouble, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> words = new ArrayList<>(List.of(tool.toString()));
        words.addAll(List.of(arguments.split(" ", -1)));
        words.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Path log = folder.resolve("keytool.log");
        int code =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new Trouble("keytool ended with " + code + ": " + Files.readString(log).strip());
        }
    }

    @Override
    public void close() {
        vendors.values().forEach(Simulator::close);
    }
}
