package dev.pillion.sidecar;

import dev.pillion.sidecar.account.Ledger;
import dev.pillion.sidecar.telemetry.Diagnostics;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a daemon is started with; what the configuration document says is not here.
 *
 * @param configFile null: it configures itself from the environment
 * @param socket null: no data socket
 * @param socketMode octal, e.g. {@code 0660}
 * @param tcp null: no data port
 * @param adminSocket null: none
 * @param probes null: none
 * @param stateDirectory where state is kept
 * @param ledger how much of the ledger is kept
 * @param caFile certificates trusted besides the system's; null: none
 * @param maxBodyBytes of one request
 * @param bodyBudgetBytes of all bodies in memory together
 * @param podCaller the caller's name where nothing tells
 * @param environment for keys and proxies
 * @param requestLog where the request log goes; null: there is none
 * @param diagnostics where the daemon tells about itself
 */
public record SidecarOptions(
        @Nullable Path configFile,
        @Nullable Path socket,
        String socketMode,
        @Nullable InetSocketAddress tcp,
        boolean tcpAllowRemote,
        @Nullable Path tcpTokenFile,
        @Nullable Path adminSocket,
        @Nullable InetSocketAddress probes,
        Path stateDirectory,
        Ledger.Retention ledger,
        @Nullable Path caFile,
        int eventLoops,
        int maxBodyBytes,
        long bodyBudgetBytes,
        Duration drain,
        String podCaller,
        String version,
        Map<String, String> environment,
        @Nullable OutputStream requestLog,
        Diagnostics diagnostics) {}
