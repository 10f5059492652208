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
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;

/**
 * The allow-list of classes that may be instantiated by their name in a row: value types
 * of {@code java.*}, library types, and the packages that the application trusts, with
 * their sub-packages. Other classes are refused before they are loaded.
 */
@SuppressWarnings("serial")
public final class TrustedTypes extends PolymorphicTypeValidator.Base {

	private static final Set<String> CLASSES = Set.of("boolean", "byte", "char", "double", "float", "int", "long",
			"short", "java.lang.Boolean", "java.lang.Byte", "java.lang.Character", "java.lang.Comparable",
			"java.lang.Double", "java.lang.Enum", "java.lang.Float", "java.lang.Integer", "java.lang.Iterable",
			"java.lang.Long", "java.lang.Number", "java.lang.Object", "java.lang.Short", "java.lang.String",
			"java.math.BigDecimal", "java.math.BigInteger", "java.net.URI", "java.nio.charset.Charset",
			"java.util.ArrayDeque", "java.util.ArrayList", "java.util.Collection", "java.util.Currency",
			"java.util.Date", "java.util.Deque", "java.util.EnumMap", "java.util.EnumSet", "java.util.HashMap",
			"java.util.HashSet", "java.util.Hashtable", "java.util.LinkedHashMap", "java.util.LinkedHashSet",
			"java.util.LinkedList", "java.util.List", "java.util.Locale", "java.util.Map", "java.util.NavigableMap",
			"java.util.NavigableSet", "java.util.Optional", "java.util.OptionalDouble", "java.util.OptionalInt",
			"java.util.OptionalLong", "java.util.PriorityQueue", "java.util.Queue", "java.util.SequencedCollection",
			"java.util.SequencedMap", "java.util.SequencedSet", "java.util.Set", "java.util.SortedMap",
			"java.util.SortedSet", "java.util.Stack", "java.util.TimeZone", "java.util.TreeMap", "java.util.TreeSet",
			"java.util.UUID", "java.util.Vector", "java.util.concurrent.ConcurrentHashMap",
			"java.util.concurrent.ConcurrentLinkedDeque", "java.util.concurrent.ConcurrentLinkedQueue",
			"java.util.concurrent.ConcurrentMap", "java.util.concurrent.ConcurrentNavigableMap",
			"java.util.concurrent.ConcurrentSkipListMap", "java.util.concurrent.ConcurrentSkipListSet",
			"java.util.concurrent.CopyOnWriteArrayList", "java.util.concurrent.CopyOnWriteArraySet",
			"java.util.concurrent.TimeUnit", "java.util.concurrent.atomic.AtomicReference");

	private static final Pattern ARRAY = Pattern.compile("\\[+(?:[ZBCSIJFD]|L([^;\\[]+);)");

	/**
	 * The maximum length of a canonical name, including its type arguments.
	 */
	private static final int MAX_LENGTH = 10_000;

	private static final int MAX_PRINTED_LENGTH = 200;

	/**
	 * Part of the name of a JDK proxy class: a proxy of a non-public interface is in the
	 * package of the interface. The same name is another class in each JVM.
	 */
	private static final String PROXY = ".$Proxy";

	private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_$.]+");

	private final List<String> packages;

	/**
	 * Create a new list.
	 * @param packages names of packages to trust in addition to the types of
	 * {@code java.*}
	 */
	public TrustedTypes(Collection<String> packages) {
		this.packages = packages.stream().map((name) -> name + ".").distinct().toList();
	}

	/**
	 * Return whether objects of a class may be instantiated.
	 * @param className the name, as {@link Class#getName()} returns it
	 * @return whether the class is on the list
	 */
	public boolean contains(String className) {
		String name = className.startsWith("[") ? elementName(className) : className;
		return CLASSES.contains(name) || LibraryTypes.contains(name) || CollectionTypes.isKnown(name)
				|| ((name.startsWith("java.time.") || startsWithAny(name, this.packages))
						&& NAME.matcher(name).matches() && !name.contains(PROXY));
	}

	/**
	 * Return whether a class belongs to the application: its package is trusted.
	 */
	boolean isOwn(Class<?> type) {
		return startsWithAny(type.getName(), this.packages) && !CollectionTypes.isKnown(type.getName());
	}

	/**
	 * Return whether all classes of a canonical name are on the list: the class and those
	 * of its type arguments.
	 */
	boolean containsAll(String canonicalName) {
		return containsAll(canonicalName, Set.of());
	}

	boolean containsAll(String canonicalName, Set<String> others) {
		if (canonicalName.length() > MAX_LENGTH) {
			return false;
		}
		if (canonicalName.indexOf('<') < 0) {
			return others.contains(canonicalName) || contains(canonicalName);
		}
		List<String> names = names(canonicalName);
		for (String name : names) {
			if (!others.contains(name) && !contains(name)) {
				return false;
			}
		}
		return !names.isEmpty();
	}

	/**
	 * Return the class names in a canonical name.
	 */
	static List<String> names(String canonicalName) {
		return List.of(canonicalName.split("[<,>]+"));
	}

	/**
	 * Return a name from a row for a message. Names that are too long or contain other
	 * characters are not printed.
	 */
	static String printable(@Nullable String name) {
		if (name != null && name.length() <= MAX_PRINTED_LENGTH && NAME.matcher(name).matches()) {
			return name;
		}
		return "class whose name is none";
	}

	private static boolean startsWithAny(String name, List<String> prefixes) {
		for (String prefix : prefixes) {
			if (name.startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the element type of an array class: {@code com.acme.User} for
	 * {@code [Lcom.acme.User;}, and {@code int} for {@code [[I} and other primitive
	 * arrays. Other names are returned unchanged.
	 */
	private static String elementName(String className) {
		Matcher array = ARRAY.matcher(className);
		if (!array.matches()) {
			return className;
		}
		return (array.group(1) != null) ? array.group(1) : "int";
	}

	@Override
	public Validity validateBaseType(DatabindContext context, JavaType baseType) {
		return Validity.INDETERMINATE;
	}

	@Override
	public Validity validateSubClassName(DatabindContext context, JavaType baseType, String subClassName) {
		return contains(subClassName) ? Validity.ALLOWED : Validity.DENIED;
	}

	@Override
	public Validity validateSubType(DatabindContext context, JavaType baseType, JavaType subType) {
		return contains(subType.getRawClass().getName()) ? Validity.ALLOWED : Validity.DENIED;
	}

}
