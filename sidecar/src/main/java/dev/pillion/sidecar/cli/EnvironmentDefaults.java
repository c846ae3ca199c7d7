package dev.pillion.sidecar.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every flag's environment variable: {@code --admin-socket} is {@code PILLION_ADMIN_SOCKET}. */
final class EnvironmentDefaults implements IDefaultValueProvider {
    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec arg) {
        if (!(arg instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        String value = environment.get(variable(option.longestName()));
        return value == null || value.isEmpty() ? option.defaultValue() : value;
    }

    private static String variable(String flag) {
        String name = flag.replaceFirst("^-+", "").replace('-', '_');
        return "PILLION_" + name.toUpperCase(Locale.ROOT);
    }
}
