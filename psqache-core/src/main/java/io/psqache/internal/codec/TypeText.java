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

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Parses a type as Java writes it. An instance parses one text, and is not thread-safe.
 */
final class TypeText {

	private final String text;

	private final @Nullable ClassLoader classLoader;

	private int position;

	TypeText(String text, @Nullable ClassLoader classLoader) {
		this.text = text;
		this.classLoader = classLoader;
	}

	Type parse() {
		Type type = type();
		skipSpace();
		if (this.position < this.text.length()) {
			throw expected("the end");
		}
		return type;
	}

	private Type type() {
		Class<?> raw = rawType();
		Type type = raw;
		if (accept('<')) {
			List<Type> arguments = new ArrayList<>();
			do {
				arguments.add(argument());
			}
			while (accept(','));
			if (!accept('>')) {
				throw expected("',' or '>'");
			}
			type = generic(raw, arguments);
		}
		while (accept('[')) {
			if (!accept(']')) {
				throw expected("']'");
			}
			type = DeclaredType.arrayOf(type);
		}
		return type;
	}

	private Type argument() {
		Type argument = type();
		if (argument instanceof Class<?> raw && raw.isPrimitive()) {
			throw new IllegalArgumentException("'" + raw + "' cannot be a type argument: write "
					+ ClassUtils.resolvePrimitiveIfNecessary(raw).getName() + ".");
		}
		return argument;
	}

	private static Type generic(Class<?> raw, List<Type> arguments) {
		int parameters = raw.getTypeParameters().length;
		if (arguments.size() != parameters) {
			throw new IllegalArgumentException(
					raw.getName() + " has " + parameters + " type parameters, not " + arguments.size() + ".");
		}
		return DeclaredType.generic(raw, arguments.toArray(Type[]::new));
	}

	private Class<?> rawType() {
		skipSpace();
		int start = this.position;
		while (this.position < this.text.length() && isPartOfName(this.text.charAt(this.position))) {
			this.position++;
		}
		String name = this.text.substring(start, this.position);
		if (name.isEmpty()) {
			throw expected("the name of a class");
		}
		try {
			Class<?> type = ClassUtils.forName(name, this.classLoader);
			if (type == void.class) {
				throw new IllegalArgumentException("The type 'void' has no values.");
			}
			return type;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			throw new IllegalArgumentException("The class '" + name + "' is not on the class path.", ex);
		}
	}

	private static boolean isPartOfName(char c) {
		return Character.isJavaIdentifierPart(c) || c == '.';
	}

	private boolean accept(char c) {
		skipSpace();
		boolean found = this.position < this.text.length() && this.text.charAt(this.position) == c;
		if (found) {
			this.position++;
		}
		return found;
	}

	private void skipSpace() {
		while (this.position < this.text.length() && Character.isWhitespace(this.text.charAt(this.position))) {
			this.position++;
		}
	}

	private IllegalArgumentException expected(String expectedText) {
		String found = (this.position < this.text.length()) ? "'" + this.text.charAt(this.position) + "'" : "the end";
		return new IllegalArgumentException("At character " + (this.position + 1) + " psqache expects " + expectedText
				+ ", but finds " + found + ".");
	}

}
