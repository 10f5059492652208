package io.psqache.codec;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;

/**
 * The allow-list of classes that may be made by the name a row gives: value types of
 * {@code java.*} and the packages that the application trusts, with their sub-packages.
 * What is not on it is refused before it is loaded.
 */
@SuppressWarnings("serial")
public final class TrustedTypes extends PolymorphicTypeValidator.Base {

	private static final Set<String> CLASSES = Set.of("boolean", "byte", "char", "double", "float", "int", "long",
			"short", "java.lang.Boolean", "java.lang.Byte", "java.lang.Character", "java.lang.Double",
			"java.lang.Float", "java.lang.Integer", "java.lang.Long", "java.lang.Object", "java.lang.Short",
			"java.lang.String", "java.math.BigDecimal", "java.math.BigInteger", "java.net.URI", "java.util.ArrayDeque",
			"java.util.ArrayList", "java.util.BitSet", "java.util.Currency", "java.util.Date", "java.util.HashMap",
			"java.util.HashSet", "java.util.LinkedHashMap", "java.util.LinkedHashSet", "java.util.LinkedList",
			"java.util.Locale", "java.util.Optional", "java.util.OptionalDouble", "java.util.OptionalInt",
			"java.util.OptionalLong", "java.util.PriorityQueue", "java.util.TreeMap", "java.util.TreeSet",
			"java.util.UUID", "java.util.Vector", "java.util.concurrent.ConcurrentHashMap",
			"java.util.concurrent.CopyOnWriteArrayList", "java.util.concurrent.TimeUnit");

	/**
	 * {@code List.of(..)}, {@code Collections.unmodifiableList(..)} and their like have
	 * classes without a public name.
	 */
	private static final List<String> PREFIXES = List.of("java.time.", "java.util.ImmutableCollections$",
			"java.util.Collections$", "java.util.Arrays$");

	private static final Pattern ARRAY = Pattern.compile("\\[+(?:[ZBCSIJFD]|L([^;\\[]+);)");

	private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_$.]+");

	private final List<String> packages;

	/**
	 * Make the list.
	 * @param packages names of packages to trust beside those of {@code java.*}
	 */
	public TrustedTypes(Collection<String> packages) {
		this.packages = packages.stream().map((name) -> name + ".").distinct().toList();
	}

	/**
	 * Whether objects of a class may be made.
	 * @param className the name, as {@link Class#getName()} gives it
	 * @return whether it is on the list
	 */
	public boolean contains(String className) {
		String name = elementName(className);
		if (!NAME.matcher(name).matches()) {
			return false;
		}
		return CLASSES.contains(name) || startsWithAny(name, PREFIXES) || startsWithAny(name, this.packages);
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
	 * An array is as good as what it holds: {@code [Lcom.acme.User;} is
	 * {@code com.acme.User}, and {@code [[I} is {@code int}. Any other way to write an
	 * array is no name of a class.
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
