package dev.pillion.sidecar.config;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code providers}, with the four vendors as the default. */
final class ProvidersReader {
    /** First steps of paths on the data listener that no provider may take. */
    private static final Set<String> RESERVED =
            Set.of("v1", "v1beta", "v1alpha", "healthz", "readyz", "metrics", "class");

    private static final int LONGEST_URL_CHARS = 2000;

    private ProvidersReader() {}

    static Map<String, ProviderConfig> builtIn() {
        var all = new LinkedHashMap<String, ProviderConfig>();
        for (Speaks speaks : Speaks.values()) {
            all.put(speaks.wire(), builtIn(speaks));
        }
        return all;
    }

    static ProviderConfig builtIn(Speaks speaks) {
        URI url = URI.create(speaks.vendorUrl());
        return new ProviderConfig(
                speaks.wire(), speaks, url, List.of(), KeyLimits.NONE, Timeouts.DEFAULTS);
    }

    static Map<String, ProviderConfig> read(Fields document) {
        var all = builtIn();
        for (Fields.Named entry : document.members("providers")) {
            ProviderConfig provider = provider(entry.name(), entry.at());
            if (provider != null) {
                all.put(entry.name(), provider);
            }
        }
        return all;
    }

    private static @Nullable ProviderConfig provider(String name, Cursor at) {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,62}") || RESERVED.contains(name)) {
            at.problems()
                    .add(
                            at,
                            "not a provider's name",
                            "lower-case letters, digits and -, and not the first step of a path"
                                    + " that Pillion serves itself");
            return null;
        }
        Fields fields = Fields.of(at, Shape.PROVIDER);
        Speaks speaks = speaks(name, fields);
        URI url = baseUrl(name, speaks, fields);
        List<KeyConfig> keys = keys(fields);
        KeyLimits limits = limits(fields.open("limits", Shape.KEY_LIMITS));
        Timeouts timeouts = timeouts(fields.open("timeouts", Shape.TIMEOUTS));
        BigDecimal priceFactor = fields.amount("price_factor", BigDecimal.ONE);
        return new ProviderConfig(name, speaks, url, priceFactor, keys, limits, timeouts);
    }

    private static Speaks speaks(String name, Fields fields) {
        Speaks own = vendor(name);
        if (own == null) {
            fields.need("speaks", Cursor.oneOf(Cursor.words(Speaks.class)));
            return fields.word("speaks", Speaks.class, Speaks.OPENAI);
        }
        Cursor at = fields.get("speaks");
        Speaks said = fields.word("speaks", Speaks.class);
        if (at != null && said != null && said != own) {
            at.wrong(own.wire() + ", as that provider does");
        }
        return own;
    }

    static @Nullable Speaks vendor(String name) {
        for (Speaks speaks : Speaks.values()) {
            if (speaks.wire().equals(name)) {
                return speaks;
            }
        }
        return null;
    }

    private static URI baseUrl(String name, Speaks speaks, Fields fields) {
        URI fallback = URI.create(speaks.vendorUrl());
        boolean vendor = speaks.wire().equals(name);
        Cursor at = vendor ? fields.get("base_url") : fields.need("base_url", "http(s)://HOST…");
        URI url = at == null ? fallback : url(at);
        if (at != null && url != null && vendor && url.getPath().matches(".*/v[0-9]+[a-z]*")) {
            at.wrong("the address without the API version, as in " + speaks.vendorUrl());
        }
        return url == null ? fallback : url;
    }

    /** An http(s) address with a host and at most a path; without its trailing slashes. */
    static @Nullable URI url(Cursor at) {
        String text = at.text();
        if (text == null) {
            return null;
        }
        URI url = parsed(text.replaceAll("/+$", ""));
        if (url == null) {
            at.wrong("http(s)://HOST[:PORT][/PATH], without user, query or fragment");
        }
        return url;
    }

    static @Nullable URI parsed(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean plain =
                    url.getRawUserInfo() == null
                            && url.getRawQuery() == null
                            && url.getRawFragment() == null;
            return http && plain && url.getHost() != null && text.length() <= LONGEST_URL_CHARS
                    ? url
                    : null;
        } catch (URISyntaxException e) {
            return null; // null is this method's word for "not such an address"
        }
    }

    private static List<KeyConfig> keys(Fields fields) {
        var all = new ArrayList<KeyConfig>();
        var ids = new HashSet<String>();
        for (Cursor item : fields.items("keys")) {
            Fields key = Fields.of(item, Shape.KEY);
            Cursor idAt = key.need("id", "a name for logs and headers");
            String id = idAt == null ? null : keyId(idAt);
            Cursor valueAt = key.need("value", "env:NAME, file:/path or the secret itself");
            SecretRef value = valueAt == null ? null : SecretRef.read(valueAt);
            if (idAt != null && id != null && !ids.add(id)) {
                idAt.wrong("an id that no other key of this provider has");
            }
            KeyConfig read = key(key, id == null ? "?" : id, value);
            if (read != null) {
                all.add(read);
            }
        }
        return all;
    }

    private static @Nullable String keyId(Cursor at) {
        String id = at.text();
        if (id != null && (!id.matches("[A-Za-z0-9._-]{1,64}") || Shown.looksSecret(id))) {
            at.wrong("a name of letters, digits and . _ -, at most 64 long, and no secret");
            return null;
        }
        return id;
    }

    private static @Nullable KeyConfig key(Fields key, String id, @Nullable SecretRef value) {
        String account = key.text("account");
        int weight = key.integer("weight", 1, 1, 1000);
        Instant notBefore = key.instant("not_before");
        Instant notAfter = key.instant("not_after");
        KeyConfig.State state = key.word("state", KeyConfig.State.class, KeyConfig.State.ACTIVE);
        if (notBefore != null && notAfter != null && !notBefore.isBefore(notAfter)) {
            Cursor at = key.get("not_after");
            if (at != null) {
                at.wrong("later than not_before");
            }
        }
        return value == null
                ? null
                : new KeyConfig(
                        id,
                        value,
                        account == null ? "main" : account,
                        weight,
                        notBefore,
                        notAfter,
                        state);
    }

    private static KeyLimits limits(Fields fields) {
        return new KeyLimits(
                fields.integer("rpm", 1, Long.MAX_VALUE),
                fields.integer("input_tpm", 1, Long.MAX_VALUE),
                fields.integer("output_tpm", 1, Long.MAX_VALUE),
                fields.integer("concurrency", 1, Long.MAX_VALUE));
    }

    private static Timeouts timeouts(Fields fields) {
        Timeouts usual = Timeouts.DEFAULTS;
        return new Timeouts(
                fields.duration("connect", usual.connect()),
                fields.duration("first_byte", usual.firstByte()),
                fields.duration("first_byte_unstreamed", usual.firstByteUnstreamed()),
                fields.duration("idle", usual.idle()),
                fields.duration("total", usual.total()));
    }
}
