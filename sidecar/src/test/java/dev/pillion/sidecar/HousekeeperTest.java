package dev.pillion.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class HousekeeperTest {
    private long inflight;
    private long heapBytes = 24L << 20;
    private long aliveBytes = 24L << 20;
    private int collections;

    private final Housekeeper housekeeper =
            new Housekeeper(
                    () -> inflight,
                    () -> heapBytes,
                    () -> {
                        collections++;
                        heapBytes = aliveBytes;
                    });

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            housekeeper.look();
        }
    }

    @Test
    void whatALoadLeftBehindIsGivenBackOnce() {
        heapBytes += Housekeeper.IDLE_GROWTH_BYTES;
        look(20);
        assertEquals(1, collections);
        assertEquals(aliveBytes, heapBytes);
    }

    @Test
    void whatHasHardlyGrownIsLeftAlone() {
        heapBytes += Housekeeper.IDLE_GROWTH_BYTES - 1;
        look(100);
        assertEquals(0, collections);
    }

    @Test
    void aRequestUnderWayIsNotHeldUpForLittle() {
        inflight = 1;
        heapBytes += Housekeeper.BUSY_GROWTH_BYTES - 1;
        look(100);
        assertEquals(0, collections);
    }

    @Test
    void aDaemonThatIsNeverIdleCollectsNowAndThen() {
        inflight = 200;
        for (int i = 0; i < 3 * Housekeeper.BUSY_LOOKS; i++) {
            heapBytes = aliveBytes + Housekeeper.BUSY_GROWTH_BYTES;
            housekeeper.look();
        }
        assertEquals(3, collections);
    }

    @Test
    void aPauseBetweenTwoRequestsIsNotYetIdle() {
        heapBytes += Housekeeper.IDLE_GROWTH_BYTES;
        for (int i = 0; i < 20; i++) {
            inflight = i % 2;
            housekeeper.look();
        }
        assertEquals(0, collections);
    }

    @Test
    void whatIsAliveIsNotCollectedAgainAndAgain() {
        aliveBytes += 4 * Housekeeper.IDLE_GROWTH_BYTES;
        heapBytes = aliveBytes + Housekeeper.IDLE_GROWTH_BYTES;
        look(20);
        assertEquals(1, collections);
        heapBytes += Housekeeper.IDLE_GROWTH_BYTES;
        look(20);
        assertEquals(2, collections);
    }
}
