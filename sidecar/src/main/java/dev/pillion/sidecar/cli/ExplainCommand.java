package dev.pillion.sidecar.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pillion admin explain}: how a request would be planned now; nothing is sent. */
@Command(
        name = "explain",
        description =
                "How a request would be planned now, and why: a dry run in the daemon. Nothing is"
                        + " sent to a vendor, booked, or changed.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    /** The surfaces by their short names. */
    private enum SurfaceName {
        GENERATE("/v1/generate"),
        CHAT("/v1/chat/completions"),
        RESPONSES("/v1/responses"),
        MESSAGES("/v1/messages"),
        GEMINI("/v1beta/models/%s:generateContent");

        private final String path;

        SurfaceName(String path) {
            this.path = path;
        }
    }

    @ParentCommand private AdminCommand admin;

    @Parameters(
            arity = "1",
            paramLabel = "REQUEST.json",
            description = "The request's body; - for standard input.")
    private String file = "";

    @Option(
            names = "--surface",
            defaultValue = "generate",
            description = "generate, chat, responses, messages or gemini (default: generate).")
    private SurfaceName surface = SurfaceName.GENERATE;

    @Option(
            names = "--model",
            description = "The model that the path names, on the surface gemini alone.")
    private @Nullable String model;

    @Option(
            names = "--header",
            paramLabel = "NAME: VALUE",
            description = "An x-pillion-* header of the request; may be given several times.")
    private List<String> headers = List.of();

    @Option(names = "--caller", description = "Who is to be calling (x-pillion-caller).")
    private @Nullable String caller;

    @Override
    public Integer call() {
        admin.requireNoCsv();
        Map<String, String> sent = headers();
        String query = "path=" + URLEncoder.encode(path(), StandardCharsets.UTF_8);
        byte[] body = body();
        return admin.explain(admin.call("POST", "/explain?" + query, sent, body), shown());
    }

    private String shown() {
        return file.equals("-") ? "standard input" : file;
    }

    private String path() {
        if (surface != SurfaceName.GEMINI) {
            if (model != null) {
                throw usage("--model: of the surface gemini alone; others name it in the body");
            }
            return surface.path;
        }
        if (model == null) {
            throw usage("--model: missing (the surface gemini names the model in its path)");
        }
        return surface.path.formatted(
                URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    private Map<String, String> headers() {
        Map<String, String> sent = new LinkedHashMap<>();
        sent.put("content-type", "application/json");
        if (caller != null) {
            sent.put("x-pillion-caller", checked("--caller", caller));
        }
        for (String header : headers) {
            int colon = header.indexOf(':');
            String name =
                    colon < 0
                            ? header
                            : header.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (colon < 0 || !name.matches("x-pillion-[a-z-]+")) {
                throw usage("--header: '" + name + "' (expected: x-pillion-NAME: VALUE)");
            }
            sent.put(name, checked("--header " + name, header.substring(colon + 1).strip()));
        }
        return sent;
    }

    private static String checked(String option, String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw usage(option + ": not a header's value (expected: plain ASCII text)");
        }
        return value;
    }

    private byte[] body() {
        try {
            return file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw usage(shown() + ": can't be read: " + e.getMessage());
        }
    }

    private static Exit.Failure usage(String message) {
        return new Exit.Failure(Exit.USAGE, message);
    }
}
