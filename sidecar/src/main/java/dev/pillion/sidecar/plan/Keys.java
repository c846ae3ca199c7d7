package dev.pillion.sidecar.plan;

import dev.pillion.sidecar.config.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The order in which a provider's keys are tried. */
final class Keys {
    private Keys() {}

    /** Keys of the accounts that the request's seals are bound to first; else drawn by weight. */
    static List<Snapshot.Key> inOrder(
            List<Snapshot.Key> keys,
            String provider,
            Set<String> accounts,
            RandomGenerator random) {
        if (keys.size() < 2) {
            return keys;
        }
        List<Snapshot.Key> bound = new ArrayList<>();
        List<Snapshot.Key> others = new ArrayList<>();
        for (Snapshot.Key key : keys) {
            (accounts.contains(provider + "/" + key.account()) ? bound : others).add(key);
        }
        List<Snapshot.Key> order = drawn(bound, random);
        order.addAll(drawn(others, random));
        return order;
    }

    private static List<Snapshot.Key> drawn(List<Snapshot.Key> keys, RandomGenerator random) {
        List<Snapshot.Key> left = new ArrayList<>(keys);
        List<Snapshot.Key> order = new ArrayList<>(keys.size());
        while (left.size() > 1) {
            int total = left.stream().mapToInt(Keys::weight).sum();
            int drawn = random.nextInt(total);
            int at = 0;
            while (drawn >= weight(left.get(at))) {
                drawn -= weight(left.get(at++));
            }
            order.add(left.remove(at));
        }
        order.addAll(left);
        return order;
    }

    private static int weight(Snapshot.Key key) {
        return key.config().weight();
    }
}
