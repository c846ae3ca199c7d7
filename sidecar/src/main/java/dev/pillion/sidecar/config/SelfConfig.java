package dev.pillion.sidecar.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that the daemon gives itself when it is given none: the vendors whose own
 * environment variables hold a key, and the built-in catalog.
 */
public final class SelfConfig {
    private static final List<Vendor> VENDORS =
            List.of(
                    new Vendor(
                            Speaks.ANTHROPIC, "ANTHROPIC_BASE_URL", List.of("ANTHROPIC_API_KEY")),
                    new Vendor(Speaks.OPENAI, "OPENAI_BASE_URL", List.of("OPENAI_API_KEY")),
                    new Vendor(Speaks.XAI, "XAI_BASE_URL", List.of("XAI_API_KEY")),
                    new Vendor(
                            Speaks.GEMINI,
                            "GOOGLE_GEMINI_BASE_URL",
                            List.of("GEMINI_API_KEY", "GOOGLE_API_KEY")));

    private SelfConfig() {}

    private record Vendor(Speaks speaks, String urlVariable, List<String> keyVariables) {}

    /**
     * The configuration from the environment.
     *
     * @param environment the daemon's variables; an empty one counts as not set
     * @param ownAddress {@code HOST:PORT} of our own TCP listener, which applications may have set
     *     as the vendor's address; null: none
     */
    public static ConfigReader.Result from(
            Map<String, String> environment, @Nullable String ownAddress) {
        var problems = new Problems();
        var providers = ProvidersReader.builtIn();
        boolean any = false;
        for (Vendor vendor : VENDORS) {
            String variable = keyVariable(vendor, environment);
            if (variable != null) {
                any = true;
                ProviderConfig bare = ProvidersReader.builtIn(vendor.speaks());
                URI url = baseUrl(vendor, environment, ownAddress, problems);
                providers.put(bare.name(), provider(bare, url, variable));
            }
        }
        if (!any) {
            problems.add(noKey());
        }
        Config config = problems.isEmpty() ? config(providers) : null;
        return new ConfigReader.Result(config, problems.found(), problems.warnings());
    }

    /** The same as if every vendor had a key, which is to be found nowhere. */
    public static Config withEveryVendor() {
        var providers = ProvidersReader.builtIn();
        for (Vendor vendor : VENDORS) {
            ProviderConfig bare = ProvidersReader.builtIn(vendor.speaks());
            String variable = vendor.keyVariables().getFirst();
            providers.put(bare.name(), provider(bare, bare.baseUrl(), variable));
        }
        return config(providers);
    }

    private static Problem noKey() {
        var names = new ArrayList<String>();
        VENDORS.forEach(vendor -> names.addAll(vendor.keyVariables()));
        return Problem.of(
                "(environment)",
                "no vendor key",
                Cursor.oneOf(names) + " set, or a configuration by --config or --endpoint",
                0);
    }

    private static @Nullable String keyVariable(Vendor vendor, Map<String, String> environment) {
        return vendor.keyVariables().stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .findFirst()
                .orElse(null);
    }

    private static ProviderConfig provider(ProviderConfig bare, URI url, String variable) {
        var key =
                new KeyConfig(
                        "env",
                        new SecretRef.Env(variable),
                        "main",
                        1,
                        null,
                        null,
                        KeyConfig.State.ACTIVE);
        return new ProviderConfig(
                bare.name(), bare.speaks(), url, List.of(key), bare.limits(), bare.timeouts());
    }

    /** The vendor's address; SDKs write OpenAI's and xAI's with the API version, we without. */
    private static URI baseUrl(
            Vendor vendor,
            Map<String, String> environment,
            @Nullable String ownAddress,
            Problems problems) {
        URI own = URI.create(vendor.speaks().vendorUrl());
        String text = environment.getOrDefault(vendor.urlVariable(), "").strip();
        if (text.isEmpty()) {
            return own;
        }
        URI url =
                ProvidersReader.parsed(
                        text.replaceAll("/+$", "").replaceAll("/v[0-9]+[a-z]*$", ""));
        if (url == null) {
            problems.add(
                    Problem.of(
                            "(environment)",
                            vendor.urlVariable() + " is " + Shown.of(text),
                            "http(s)://HOST[:PORT][/PATH]",
                            0));
            return own;
        }
        if (isOurs(url, ownAddress)) {
            problems.warn(vendor.urlVariable() + " is our own address, so it is not followed");
            return own;
        }
        return url;
    }

    private static boolean isOurs(URI url, @Nullable String ownAddress) {
        if (ownAddress == null) {
            return false;
        }
        String port = ownAddress.substring(ownAddress.lastIndexOf(':') + 1);
        boolean loopback = url.getHost().matches("localhost|127\\.[0-9.]+|\\[::1\\]");
        return loopback && port.equals(String.valueOf(url.getPort()));
    }

    private static Config config(Map<String, ProviderConfig> providers) {
        Config usual = Catalog.builtIn().config();
        return new Config(
                0,
                providers,
                usual.models(),
                Map.of(),
                Map.of(),
                usual.routing(),
                null,
                null,
                usual.assumedSearchTokens(),
                usual.pricesAsOf());
    }
}
