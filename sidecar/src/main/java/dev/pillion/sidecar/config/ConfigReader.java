package dev.pillion.sidecar.config;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration document, YAML 1.2 or JSON, at most 8 MiB. It gives a whole {@link Config}
 * or all problems together, never half a result.
 */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * What came of a reading.
     *
     * @param config null when there is any problem
     * @param problems in the order in which they were found
     * @param warnings what is worth a look, one line each
     */
    public record Result(@Nullable Config config, List<Problem> problems, List<String> warnings) {

        static Result refused(Problem problem) {
            return new Result(null, List.of(problem), List.of());
        }
    }

    /** Reads the built-in catalog where nobody has yet, for a thread beside that of the start. */
    public static void prepare() {
        var _ = Catalog.builtIn();
    }

    /** The built-in catalog's YAML in the form that a daemon reads quickly, for the build. */
    public static byte[] catalogImage() throws IOException {
        return CatalogWriter.write(Catalog.ofSources());
    }

    /** Reads a file. Blocks, so never on an event loop. */
    public static Result read(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(DocumentParser.LARGEST_CHARS + 1);
            if (bytes.length > DocumentParser.LARGEST_CHARS) {
                return refused("larger than " + DocumentParser.LARGEST_CHARS + " bytes");
            }
            return read(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)) + "");
        } catch (NoSuchFileException e) {
            return refused("there is no such file");
        } catch (CharacterCodingException e) {
            return refused("not UTF-8");
        } catch (IOException e) {
            return refused("can't be read");
        }
    }

    private static Result refused(String what) {
        return Result.refused(Problem.plain(Problem.DOCUMENT, what, 0));
    }

    /** Reads a text. */
    public static Result read(String text) {
        Node root;
        try {
            root = DocumentParser.parse(text);
        } catch (DocumentParser.Malformed e) {
            String what = String.valueOf(e.getMessage());
            return Result.refused(Problem.plain(Problem.DOCUMENT, what, e.line()));
        }
        var problems = new Problems();
        Cursor document = new Cursor("", root, root.line(), problems);
        if (!(root instanceof Node.Entries)) {
            document.wrong("a mapping with providers, models, routing, …");
            return new Result(null, problems.found(), List.of());
        }
        Config config = read(document, Catalog.builtIn());
        checkServes(config, document);
        warnKeyless(document, config);
        return new Result(
                problems.isEmpty() ? config : null, problems.found(), problems.warnings());
    }

    /** Reads with a given catalog; the result is whole only when no problem was reported. */
    static Config read(Cursor document, Catalog catalog) {
        Fields fields = Fields.of(document, Shape.DOCUMENT);
        Long version = fields.integer("version", 0, Long.MAX_VALUE);
        LocalDate pricesAsOf = fields.date("prices_as_of");
        Map<String, ProviderConfig> providers = ProvidersReader.read(fields);
        var modelsReader = new ModelsReader(providers, catalog);
        Map<String, ModelConfig> models = modelsReader.read(fields);
        models.replaceAll((id, model) -> priced(model, providers));
        var index = new ModelIndex(models.values());
        var routing = new RoutingReader(models, modelsReader.ownIds(), index, catalog);
        return new Config(
                version == null ? 0 : version,
                providers,
                models,
                HouseReader.aliases(fields, index),
                HouseReader.callers(fields, providers.keySet()),
                routing.read(fields),
                HouseReader.inject(fields),
                HouseReader.assumedSearches(fields),
                HouseReader.assumedTokens(fields),
                pricesAsOf == null ? catalog.pricesAsOf() : pricesAsOf);
    }

    private static ModelConfig priced(ModelConfig model, Map<String, ProviderConfig> providers) {
        ProviderConfig provider = providers.get(model.provider());
        return provider == null || provider.priceFactor().compareTo(BigDecimal.ONE) == 0
                ? model
                : model.withPrices(model.prices().times(provider.priceFactor()));
    }

    private static void checkServes(Config config, Cursor document) {
        if (config.providers().values().stream().noneMatch(ConfigReader::serves)
                && document.problems().isEmpty()) {
            document.problems()
                    .add(
                            Problem.of(
                                    "providers",
                                    "none has a key",
                                    "at least one provider with keys",
                                    document.line()));
        }
    }

    private static boolean serves(ProviderConfig provider) {
        return provider.needsNoKey()
                || provider.keys().stream().anyMatch(key -> key.state() != KeyConfig.State.REVOKED);
    }

    private static void warnKeyless(Cursor document, Config config) {
        Fields again = Fields.of(quiet(document), Shape.DOCUMENT);
        for (Fields.Named entry : again.members("providers")) {
            ProviderConfig provider = config.providers().get(entry.name());
            if (provider != null && !serves(provider)) {
                document.problems()
                        .warn(entry.at().path() + ": no usable key, so nobody is served");
            }
        }
    }

    private static Cursor quiet(Cursor document) {
        return new Cursor("", document.node(), document.line(), new Problems());
    }
}
