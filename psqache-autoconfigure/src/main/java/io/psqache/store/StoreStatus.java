package io.psqache.store;

import io.psqache.engine.FailureCause;
import io.psqache.engine.BreakerState;
import org.jspecify.annotations.Nullable;

/**
 * Whether a store sends what it is asked, as it knows without asking the database.
 *
 * @param breaker state of the circuit breaker
 * @param cause why it is not closed; {@code null} if it is
 * @param pendingEvictions how many evictions are remembered because the database did not
 * do them, a clear counting as one
 */
public record StoreStatus(BreakerState breaker, @Nullable FailureCause cause, long pendingEvictions) {

}
