package io.psqache.store;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Something to do on a lane, and the answer that somebody waits for. Completed on the
 * lane; nothing of the application may hang on that future.
 *
 * @param <T> the type of the answer
 */
abstract class Operation<T> {

	private final CompletableFuture<T> answer = new CompletableFuture<>();

	private final OperationKind kind;

	private final CacheHandle cache;

	private final @Nullable String key;

	/**
	 * Create an operation.
	 * @param kind what it does
	 * @param cache the cache it is about
	 * @param key the key it is about; {@code null} if it goes alone
	 */
	Operation(OperationKind kind, CacheHandle cache, @Nullable String key) {
		this.kind = kind;
		this.cache = cache;
		this.key = key;
	}

	/**
	 * Do it together with others of its class on the same cache.
	 * @param lane the lane
	 * @param all this and the others, in the order they came; each has a key
	 */
	abstract void runAll(Lane lane, List<Operation<T>> all) throws SQLException;

	/**
	 * The keys of several operations, each once, sorted: two statements that lock rows in
	 * the same order cannot deadlock.
	 */
	static String[] keys(List<? extends Operation<?>> all) {
		return all.stream().map(Operation::key).distinct().sorted().toArray(String[]::new);
	}

	/**
	 * Tell the monitor that it is about to be done together with others.
	 * @param size how many they are, this one included
	 */
	void tell(StoreMonitor monitor, int size) {
		monitor.batch(this.kind, size);
	}

	OperationKind kind() {
		return this.kind;
	}

	/**
	 * It is taken from the queue.
	 * @return whether somebody still wants it, so that it is done now
	 */
	boolean begin() {
		return !this.answer.isDone();
	}

	/**
	 * What it sends, in bytes or nearly so.
	 */
	long bytes() {
		return 0;
	}

	CacheHandle cache() {
		return this.cache;
	}

	@Nullable String key() {
		return this.key;
	}

	CompletableFuture<T> answer() {
		return this.answer;
	}

	void succeed(T value) {
		changed(true);
		this.answer.complete(value);
	}

	/**
	 * It has failed, be it because nobody waits any more: what it was to change may have
	 * changed, or may yet.
	 */
	void fail(Throwable failure) {
		StoreException exception = StoreException.of(failure);
		changed(!exception.failureCause().leavesItOpen());
		this.answer.completeExceptionally(exception);
	}

	/**
	 * Tell the cache what has changed, before anyone has the answer.
	 * @param isCertain whether the change is over
	 */
	void changed(boolean isCertain) {
		// most operations change nothing
	}

}
