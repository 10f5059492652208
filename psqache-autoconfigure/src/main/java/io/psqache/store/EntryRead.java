package io.psqache.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A read of one entry, and of a {@link Fence} if there is none and somebody is going to
 * load it. Reads that go together share the fence: it is taken after all of them have
 * missed, and before any of them loads.
 */
abstract class EntryRead extends Operation<ReadAnswer> {

	private final boolean fenced;

	EntryRead(CacheHandle cache, String key, boolean fenced) {
		super(OperationKind.GET, cache, key);
		this.fenced = fenced;
	}

	/**
	 * Answer them all, who found something first.
	 */
	final void answer(Lane lane, List<Operation<ReadAnswer>> all, Map<String, StoredValue> found) throws SQLException {
		List<EntryRead> missed = new ArrayList<>();
		for (Operation<ReadAnswer> operation : all) {
			EntryRead read = (EntryRead) operation;
			StoredValue value = found.get(read.key());
			if (value == null && read.fenced) {
				missed.add(read);
			}
			else {
				read.succeed(present(value));
			}
		}
		if (!missed.isEmpty()) {
			ReadAnswer answer = new ReadAnswer(null, cache().fence(lane));
			missed.forEach((read) -> read.succeed(answer));
		}
	}

	private static ReadAnswer present(@Nullable StoredValue value) {
		return (value != null) ? ReadAnswer.of(value) : ReadAnswer.NONE;
	}

}
