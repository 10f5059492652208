package io.psqache.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How old an entry is, by the database's clock.
 *
 * @param sinceWritten time since it was written
 * @param timeLeft time until its time-to-live ends; {@code null} means never
 */
public record EntryAge(Duration sinceWritten, @Nullable Duration timeLeft) {

}
