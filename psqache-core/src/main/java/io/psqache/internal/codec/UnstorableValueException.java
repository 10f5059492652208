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

package io.psqache.internal.codec;

import java.util.List;
import java.util.Map;

import io.psqache.StoreException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * Carries the reason why a value is refused through Jackson. The message names classes,
 * never values.
 */
@SuppressWarnings("serial")
final class UnstorableValueException extends RuntimeException {

	private final String reason;

	UnstorableValueException(Class<?> type, String reason, String remedy) {
		this(type.getName() + " cannot be stored: " + reason, remedy);
	}

	/**
	 * Create an exception for a part of a value.
	 * @param reason the part and the reason, without a full stop
	 */
	UnstorableValueException(String reason, String remedy) {
		super(reason + ". " + remedy);
		this.reason = reason;
	}

	/**
	 * Return the message without the remedy.
	 */
	String reason() {
		return this.reason;
	}

	/**
	 * Create an exception for an untrusted class. For an array, the message names the
	 * element class.
	 */
	static UnstorableValueException untrusted(Class<?> type) {
		Class<?> element = type;
		while (element.isArray()) {
			element = element.getComponentType();
		}
		return TypeAdvice.refusal(element);
	}

	/**
	 * Create an exception for a container whose class cannot be instantiated.
	 * @param standIn the class that a hit would return
	 */
	static UnstorableValueException irreplaceable(Class<?> type, Class<?> standIn) {
		return new UnstorableValueException(type,
				"a hit would return a " + standIn.getName() + ", which is not " + missingType(type, standIn),
				ValueTypes.COPY + " Or define a CacheValueCodec bean for the cache.");
	}

	private static String missingType(Class<?> type, Class<?> standIn) {
		Class<?> missingType = CollectionTypes.missing(type, standIn);
		return (missingType != null) ? "a " + missingType.getName() : "equivalent for callers";
	}

	/**
	 * Create an exception for exceptions as values: Jackson would lose the stack trace,
	 * the cause or other fields.
	 */
	static UnstorableValueException exception(Class<?> type) {
		return new UnstorableValueException(type,
				"psqache does not cache exceptions, because they cannot be restored as they were " + "thrown",
				"Return a value that describes the failure, such as a record or an empty Optional. "
						+ "For exceptionCacheName (JSR-107), use a cache of another CacheManager.");
	}

	/**
	 * Create an exception for a value that was written, but could not be read back.
	 */
	static UnstorableValueException unreadable(Class<?> type, StoreException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnstorableValueException known) {
				return known;
			}
		}
		UnstorableValueException unreadable = new UnstorableValueException(type,
				"Jackson can write it but not read it back" + place(failure),
				"Add a constructor or setters for all of its properties, remove annotations that "
						+ "omit a property, or return a record.");
		unreadable.initCause(failure);
		return unreadable;
	}

	/**
	 * Return the property at which Jackson failed. Map keys are not properties.
	 */
	private static String place(StoreException failure) {
		if (failure.getCause() instanceof JacksonException cause) {
			List<JacksonException.Reference> path = cause.getPath();
			for (int i = path.size() - 1; i >= 0; i--) {
				Object from = path.get(i).from();
				Class<?> owner = (from instanceof Class<?> known) ? known : (from != null) ? from.getClass() : null;
				String property = path.get(i).getPropertyName();
				if (owner != null && property != null && !Map.class.isAssignableFrom(owner)) {
					return ", at " + owner.getName() + "." + property;
				}
			}
			if (cause instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
				return ", at a " + mismatch.getTargetType().getName();
			}
		}
		return "";
	}

}
