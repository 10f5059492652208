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

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Explains why a value could not be written, with the place in the value. The text names
 * classes and properties, but omits exception messages, because these may contain data.
 */
final class WriteFailure {

	private WriteFailure() {
	}

	static @Nullable String reason(Throwable failure) {
		JacksonException outermost = null;
		Throwable root = failure;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnstorableValueException) {
				return cause.getMessage();
			}
			if (outermost == null && cause instanceof JacksonException exception && !exception.getPath().isEmpty()) {
				outermost = exception;
			}
			root = cause;
		}
		if (outermost != null) {
			String cycle = cycle(outermost.getPath());
			if (cycle != null) {
				return cycle;
			}
			if (!(root instanceof JacksonException)) {
				return thrown(outermost.getPath(), root);
			}
		}
		return "it has no JSON form that can be read back. Return a record, a class with a "
				+ "constructor or setters for all of its properties, or a collection of these.";
	}

	/**
	 * Return the message for the first property that refers back to an object that
	 * contains it.
	 */
	private static @Nullable String cycle(List<JacksonException.Reference> path) {
		Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());
		for (int i = 0; i < path.size(); i++) {
			Object from = path.get(i).from();
			if (from != null && !visited.add(from)) {
				return "%s refers back to the object that contains it (at %s). Annotate the relation with"
					.formatted(property(path.subList(0, i)), place(path.subList(0, i)))
						+ " @JsonManagedReference and @JsonBackReference, or the class with @JsonIdentityInfo,"
						+ " or return a record or DTO with the required data.";
			}
		}
		return null;
	}

	private static String thrown(List<JacksonException.Reference> path, Throwable thrown) {
		String type = thrown.getClass().getName();
		String remedy = type.equals("org.hibernate.LazyInitializationException") ? NotLoaded.REMEDY
				: "Correct the cause, or return a record with the required data.";
		return "%s cannot be read: %s (at %s). %s".formatted(property(path), type, place(path), remedy);
	}

	/**
	 * Return the last property of a path with its class, such as {@code Shelf.tags}.
	 */
	private static String property(List<JacksonException.Reference> path) {
		for (int i = path.size() - 1; i >= 0; i--) {
			JacksonException.Reference reference = path.get(i);
			if (isProperty(reference)) {
				return LazyState.INSTANCE.typeOf(reference.from()).getSimpleName() + "." + reference.getPropertyName();
			}
		}
		return "An element";
	}

	private static String place(List<JacksonException.Reference> path) {
		StringBuilder place = new StringBuilder(JsonPlace.ROOT);
		for (JacksonException.Reference reference : path) {
			if (isProperty(reference)) {
				place.append('.').append(reference.getPropertyName());
			}
			else {
				place.append((reference.from() instanceof Map) ? JsonPlace.ENTRY : JsonPlace.ELEMENT);
			}
		}
		return place.toString();
	}

	/**
	 * Return whether a reference is a property. Map keys are data.
	 */
	private static boolean isProperty(JacksonException.Reference reference) {
		Object from = reference.from();
		return reference.getPropertyName() != null && from != null && !(from instanceof Map)
				&& !(from instanceof Collection) && !(from instanceof Class);
	}

}
