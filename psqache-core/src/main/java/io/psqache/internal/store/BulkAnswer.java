/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.store;

import java.util.Map;

import io.psqache.StoreException;
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
