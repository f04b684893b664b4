package io.millrace.benchmarks.measure;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** The most memory that this process has needed. */
public final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private final AtomicLong heapAfterCollection = new AtomicLong();

    /** Watches the collections from now on. */
    public PeakMemory() {
        Set<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getName)
                .collect(Collectors.toSet());
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, handback) -> {
                                if (notification.getUserData() instanceof CompositeData data) {
                                    collected(GarbageCollectionNotificationInfo.from(data), heapPools);
                                }
                            },
                            null,
                            null);
        }
    }

    private void collected(GarbageCollectionNotificationInfo info, Set<String> heapPools) {
        long used = info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                .filter(pool -> heapPools.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
        heapAfterCollection.accumulateAndGet(used, Math::max);
    }

    /** Forgets the collections so far. */
    public void reset() {
        heapAfterCollection.set(0);
    }

    /**
     * The most bytes of heap that were in use right after a collection since the last reset; what is in use now, if there
     * was no collection.
     */
    public long heapBytes() {
        long peak = heapAfterCollection.get();
        return peak > 0
                ? peak
                : ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The most bytes of physical memory that the process has had, or 0 where the system does not tell. */
    public static long residentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
