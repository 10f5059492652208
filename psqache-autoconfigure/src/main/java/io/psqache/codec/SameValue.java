package io.psqache.codec;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.util.ReflectionUtils;

/**
 * Tells whether two values mean the same where {@code equals} does not: arrays, also
 * within collections and records, are compared by what they hold, and objects whose class
 * has no {@code equals} by their JSON.
 */
final class SameValue {

	private final Function<Object, @Nullable JsonNode> json;

	/**
	 * Make it.
	 * @param json gives the JSON of an object, {@code null} if it has none
	 */
	SameValue(Function<Object, @Nullable JsonNode> json) {
		this.json = json;
	}

	/**
	 * Compare.
	 * @param path where they are
	 * @return the first difference, by path and class; {@code null} if they are the same
	 */
	@Nullable String difference(String path, @Nullable Object given, @Nullable Object other) {
		Object one = (given != null) ? LazyState.INSTANCE.unproxied(given) : null;
		if (Objects.equals(one, other)) {
			return null;
		}
		if (one == null || other == null) {
			return different(path, one, other);
		}
		if (one.getClass().isArray() && one.getClass() == other.getClass()) {
			return inSequence(path, one, other, elements(one), elements(other));
		}
		if (one instanceof Set<?> before && other instanceof Set<?> after) {
			return inAnyOrder(path, before, after);
		}
		if (one instanceof Collection<?> before && other instanceof Collection<?> after
				&& one instanceof List == other instanceof List && one instanceof Set == other instanceof Set) {
			return inSequence(path, one, other, before, after);
		}
		if (one instanceof Map<?, ?> before && other instanceof Map<?, ?> after) {
			return inMap(path, before, after);
		}
		if (one instanceof Optional<?> before && other instanceof Optional<?> after) {
			return difference(path, before.orElse(null), after.orElse(null));
		}
		if (one instanceof Record && one.getClass() == other.getClass()) {
			return inRecord(path, one, other);
		}
		return hasSameJson(one, other) ? null : different(path, one, other);
	}

	private @Nullable String inSequence(String path, Object one, Object other, Collection<?> before,
			Collection<?> after) {
		if (before.size() != after.size()) {
			return different(path, one, other);
		}
		Iterator<?> rest = after.iterator();
		int index = 0;
		for (Object element : before) {
			String difference = difference(path + "[" + index++ + "]", element, rest.next());
			if (difference != null) {
				return difference;
			}
		}
		return null;
	}

	private @Nullable String inAnyOrder(String path, Set<?> before, Set<?> after) {
		List<@Nullable Object> rest = new ArrayList<>(after);
		for (Object element : before) {
			int index = 0;
			while (index < rest.size() && difference(path, element, rest.get(index)) != null) {
				index++;
			}
			if (index == rest.size()) {
				return different(path, before, after);
			}
			rest.remove(index);
		}
		return rest.isEmpty() ? null : different(path, before, after);
	}

	private @Nullable String inMap(String path, Map<?, ?> before, Map<?, ?> after) {
		if (before.size() != after.size() || !after.keySet().containsAll(before.keySet())) {
			return different(path, before, after) + " with other keys, or keys of another class";
		}
		for (Map.Entry<?, ?> entry : before.entrySet()) {
			String difference = difference(path + "." + entry.getKey(), entry.getValue(), after.get(entry.getKey()));
			if (difference != null) {
				return difference;
			}
		}
		return null;
	}

	private @Nullable String inRecord(String path, Object one, Object other) {
		for (RecordComponent component : one.getClass().getRecordComponents()) {
			Method accessor = component.getAccessor();
			ReflectionUtils.makeAccessible(accessor);
			String difference = difference(path + "." + component.getName(),
					ReflectionUtils.invokeMethod(accessor, one), ReflectionUtils.invokeMethod(accessor, other));
			if (difference != null) {
				return difference;
			}
		}
		return null;
	}

	private boolean hasSameJson(Object one, Object other) {
		Method equals = ReflectionUtils.findMethod(one.getClass(), "equals", Object.class);
		boolean hasEquals = equals != null && equals.getDeclaringClass() != Object.class;
		JsonNode before = (!hasEquals && one.getClass() == other.getClass()) ? this.json.apply(one) : null;
		return before != null && before.equals(this.json.apply(other));
	}

	private static List<@Nullable Object> elements(Object array) {
		List<@Nullable Object> elements = new ArrayList<>();
		for (int i = 0; i < Array.getLength(array); i++) {
			elements.add(Array.get(array, i));
		}
		return elements;
	}

	private static String different(String path, @Nullable Object one, @Nullable Object other) {
		return path + " was " + className(one) + " and came back as " + className(other);
	}

	private static String className(@Nullable Object value) {
		return (value != null) ? "a " + value.getClass().getTypeName() : "null";
	}

}
