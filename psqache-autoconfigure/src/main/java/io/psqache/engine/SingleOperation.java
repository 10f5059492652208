package io.psqache.engine;

import java.sql.SQLException;
import java.util.List;

/**
 * An operation that shares its statement with no other.
 *
 * @param <T> the type of the answer
 */
public class SingleOperation<T> extends Operation<T> {

	private final Work<T> work;

	/**
	 * Create an operation.
	 * @param queue where it waits
	 * @param kind what it does
	 * @param work does it
	 */
	public SingleOperation(RequestQueue queue, OperationKind kind, Work<T> work) {
		super(queue, kind);
		this.work = work;
	}

	@Override
	protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
		succeed(this.work.on(session));
	}

}
