package dev.pillion.sidecar.upstream;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The targets that are reached without a proxy, as {@code NO_PROXY} lists them: names (with all
 * that is below them), addresses, networks (CIDR), each with or without a port, or {@code *} for
 * all.
 */
final class NoProxy {
    static final NoProxy NONE = new NoProxy(false, List.of());

    private final boolean all;
    private final List<Entry> entries;

    private NoProxy(boolean all, List<Entry> entries) {
        this.all = all;
        this.entries = entries;
    }

    /**
     * One entry.
     *
     * @param name without leading dots; null for a network
     * @param network the address; null for a name
     * @param bits leading bits of the network that must be the same
     * @param port -1: any
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(@Nullable String name, byte @Nullable [] network, int bits, int port) {

        boolean holds(String host, byte @Nullable [] address, int targetPort) {
            if (port >= 0 && port != targetPort) {
                return false;
            }
            if (network != null) {
                return address != null && samePrefix(network, address, bits);
            }
            return name != null && (host.equals(name) || host.endsWith("." + name));
        }
    }

    /**
     * Entries are set apart by commas or spaces; what can't be read matches nothing, as in curl.
     */
    static NoProxy parse(String text) {
        List<Entry> entries = new ArrayList<>();
        boolean all = false;
        for (String word : text.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
            if (word.equals("*")) {
                all = true;
            } else if (!word.isEmpty()) {
                entries.add(entry(word));
            }
        }
        return new NoProxy(all, List.copyOf(entries));
    }

    boolean holds(String host, int port) {
        if (all) {
            return true;
        }
        String name = withoutLastDot(host.toLowerCase(Locale.ROOT));
        byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
        for (Entry entry : entries) {
            if (entry.holds(name, address, port)) {
                return true;
            }
        }
        return false;
    }

    private static Entry entry(String word) {
        byte[] whole = NetUtil.createByteArrayFromIpAddressString(word);
        if (whole != null) {
            return new Entry(null, whole, whole.length * 8, -1);
        }
        int slash = word.indexOf('/');
        if (slash > 0) {
            return network(word.substring(0, slash), word.substring(slash + 1));
        }
        Authority authority = Authority.of(word);
        String host = authority == null ? word : authority.host();
        int port = authority == null ? -1 : authority.port();
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address != null) {
            return new Entry(null, address, address.length * 8, port);
        }
        return new Entry(withoutLastDot(host.replaceFirst("^(\\*\\.|\\.)+", "")), null, 0, port);
    }

    private static Entry network(String address, String bits) {
        byte[] network = NetUtil.createByteArrayFromIpAddressString(address);
        boolean number = !bits.isEmpty() && bits.length() <= 3;
        number &= bits.chars().allMatch(Character::isDigit);
        if (network == null || !number || Integer.parseInt(bits) > network.length * 8) {
            return new Entry(null, null, 0, -1);
        }
        return new Entry(null, network, Integer.parseInt(bits), -1);
    }

    private static boolean samePrefix(byte[] network, byte[] address, int bits) {
        if (network.length != address.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if (((network[i >> 3] ^ address[i >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
