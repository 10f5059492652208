package io.psqache.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
	final void answer(Lane lane, List<Operation<ReadAnswer>> all, Map<String, ReadAnswer> found) throws SQLException {
		List<EntryRead> missed = new ArrayList<>();
		for (Operation<ReadAnswer> operation : all) {
			EntryRead read = (EntryRead) operation;
			ReadAnswer present = found.get(read.key());
			if (present == null && read.fenced) {
				missed.add(read);
			}
			else {
				read.succeed((present != null) ? present : ReadAnswer.NONE);
			}
		}
		if (!missed.isEmpty()) {
			ReadAnswer answer = new ReadAnswer(null, cache().fence(lane));
			missed.forEach((read) -> read.succeed(answer));
		}
	}

}
