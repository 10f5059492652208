package io.psqache.store;

import io.psqache.engine.StoreException;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link Bulk}.
 *
 * @param <T> the type of each answer
 * @param answers the answer for each key for which there is one, in the order asked
 * @param failure why there is none for the others, or for the first of them if there are
 * several causes; {@code null} if there are no others
 */
public record BulkAnswer<T>(Map<String, T> answers, @Nullable StoreException failure) {

}
