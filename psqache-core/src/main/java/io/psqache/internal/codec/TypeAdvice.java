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

import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.reflect.Proxy;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.Map;
import java.util.Spliterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.InputStreamSource;

/**
 * Explains why a value of an untrusted class cannot be stored, and what to return
 * instead. The advice to trust its package comes last, because some classes cannot be
 * stored even if they are trusted.
 */
final class TypeAdvice {

	private static final String RECORD = "Return the required data in a record.";

	private TypeAdvice() {
	}

	/**
	 * Return the exception for an untrusted class.
	 */
	static UnstorableValueException refusal(Class<?> type) {
		UnstorableValueException known = known(type);
		return (known != null) ? known : untrusted(type);
	}

	/**
	 * Return the exception for a class that cannot be stored even if it is trusted.
	 * @return the exception, or {@code null} if the class is not one of these
	 */
	static @Nullable UnstorableValueException known(Class<?> type) {
		if (Throwable.class.isAssignableFrom(type)) {
			return UnstorableValueException.exception(type);
		}
		if (isAny(type, InputStream.class, Reader.class, OutputStream.class, Writer.class, Channel.class)) {
			return new UnstorableValueException(type, "it is a stream, which is consumed as it is read",
					"Read it, and return a byte[] or a String.");
		}
		if (isAny(type, BaseStream.class, Iterator.class, Spliterator.class, Enumeration.class)) {
			return new UnstorableValueException(type, "it can be iterated over only once", "Return a List.");
		}
		if (isAny(type, InputStreamSource.class)) {
			return new UnstorableValueException(type, "it refers to the content and does not contain it",
					"Return the content as a byte[] (getContentAsByteArray()), or the location as a String.");
		}
		if (isAny(type, Future.class, CompletionStage.class)) {
			return new UnstorableValueException(type, "it is a future, not a value", "Return the value.");
		}
		if (isAny(type, File.class, Path.class)) {
			return new UnstorableValueException(type, "it refers to a file of this machine",
					"Return its name as a String.");
		}
		if (JdbcTypes.isBoundToConnection(type)) {
			return new UnstorableValueException(type, "it is bound to its connection",
					"Return its content (an array, a byte[] or a String), for example from a RowMapper.");
		}
		if (Proxy.isProxyClass(type)) {
			return new UnstorableValueException(type, "it is a proxy for " + interfaces(type),
					"If this is an interface-based projection, declare the projection as a record.");
		}
		if (type.isHidden() || type.getName().contains("$$Lambda")) {
			return new UnstorableValueException(type, "it is a lambda expression", RECORD);
		}
		return knownByName(type);
	}

	/**
	 * Return the exception for classes of optional libraries.
	 */
	private static @Nullable UnstorableValueException knownByName(Class<?> type) {
		return switch (type.getName()) {
			case "org.springframework.data.domain.WindowImpl" -> new UnstorableValueException(type,
					"its positions are functions", "Return its content and the next position in a record.");
			case "org.springframework.data.domain.Sort$TypedSort" -> new UnstorableValueException(type,
					"it records method calls", "Use the Sort that its ascending() returns.");
			default -> null;
		};
	}

	private static UnstorableValueException untrusted(Class<?> type) {
		if (TrustedPackages.mayBeTrusted(type.getPackageName())) {
			return new UnstorableValueException(type, "it is not trusted",
					"Add '" + type.getPackageName() + "' to psqache.trusted-packages.");
		}
		boolean isContainer = isAny(type, Collection.class, Map.class);
		return new UnstorableValueException(type, "it is not trusted, and its package cannot be",
				isContainer ? ValueTypes.COPY : RECORD);
	}

	private static boolean isAny(Class<?> type, Class<?>... types) {
		return Arrays.stream(types).anyMatch((each) -> each.isAssignableFrom(type));
	}

	private static String interfaces(Class<?> type) {
		return Arrays.stream(type.getInterfaces()).map(Class::getName).limit(1).collect(Collectors.joining());
	}

}
