package io.psqache.benchmarks.measure;

import java.lang.management.ManagementFactory;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

/**
 * Measures what puts that nobody waited for hold on to: memory that a collection does not
 * free at the moment when the last of them has returned, over what was in use before.
 */
final class Memory {

	private final long before = inUse();

	private long after = this.before;

	void measure() {
		this.after = inUse();
	}

	/**
	 * What was held at {@link #measure()}.
	 * @return megabytes of 10<sup>6</sup> bytes, never negative
	 */
	double heldMegabytes() {
		return Math.max(0, this.after - this.before) / 1e6;
	}

	/**
	 * Live objects, and the buffers of Lettuce outside of the heap.
	 */
	private static long inUse() {
		System.gc();
		long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		long buffers = (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator)
				? allocator.metric().usedDirectMemory() : 0;
		return heap + buffers;
	}

}
