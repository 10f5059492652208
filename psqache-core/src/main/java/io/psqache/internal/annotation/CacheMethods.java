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

package io.psqache.internal.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Finds the methods of an application's beans that put values into psqache's caches. Does
 * not instantiate beans. If only an interface of a bean is known before its creation,
 * that interface is inspected.
 */
final class CacheMethods {

	private static final Logger logger = LoggerFactory.getLogger(CacheMethods.class);

	private final ConfigurableListableBeanFactory beans;

	private final Class<? extends CacheManager> managers;

	private final CacheOperationSource operations;

	/**
	 * The names of the methods, by cache name and cached type.
	 */
	private final Map<String, Map<Type, Set<String>>> found = new HashMap<>();

	private CacheMethods(ConfigurableListableBeanFactory beans, Class<? extends CacheManager> managers) {
		this.beans = beans;
		this.managers = managers;
		this.operations = beans.getBeanProvider(CacheOperationSource.class, false)
			.getIfUnique(AnnotationCacheOperationSource::new);
	}

	/**
	 * Find the methods.
	 * @param beans the beans; all bean definitions must be registered
	 * @return the names of the methods, by cache name and cached type
	 */
	static Map<String, Map<Type, Set<String>>> of(ConfigurableListableBeanFactory beans,
			Class<? extends CacheManager> managers) {
		CacheMethods methods = new CacheMethods(beans, managers);
		methods.classes().forEach(methods::search);
		return methods.found;
	}

	/**
	 * Return the classes of all beans. The proxy and the target of a scoped bean have the
	 * same class.
	 */
	private Set<Class<?>> classes() {
		Set<Class<?>> classes = new LinkedHashSet<>();
		for (String name : this.beans.getBeanNamesForType(Object.class, true, false)) {
			try {
				Class<?> type = classOf(name);
				if (type != null) {
					classes.add(ClassUtils.getUserClass(type));
				}
			}
			catch (RuntimeException | LinkageError ex) {
				logger.debug("The class of bean '{}' is not known", name, ex);
			}
		}
		return classes;
	}

	/**
	 * Return the class of a bean, as {@code AutoProxyUtils.determineTargetClass}, which
	 * would instantiate factory beans.
	 */
	private @Nullable Class<?> classOf(String name) {
		Object proxied = this.beans.containsBeanDefinition(name)
				? this.beans.getMergedBeanDefinition(name).getAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE)
				: null;
		return (proxied instanceof Class<?> type) ? type : this.beans.getType(name, false);
	}

	private void search(Class<?> type) {
		if (!this.operations.isCandidateClass(type)) {
			return;
		}
		MetadataLookup<Collection<CacheOperation>> lookup = (method) -> this.operations.hasCacheOperations(method, type)
				? this.operations.getCacheOperations(method, type) : null;
		try {
			MethodIntrospector.selectMethods(type, lookup)
				.forEach((method, operations) -> operations.stream()
					.filter(this::fillsCaches)
					.forEach((operation) -> add(operation, method, type)));
		}
		catch (RuntimeException | LinkageError ex) { // a class is missing
			logger.debug("The methods of {} are not known", type, ex);
		}
	}

	private boolean fillsCaches(CacheOperation operation) {
		if (!(operation instanceof CacheableOperation || operation instanceof CachePutOperation)
				|| StringUtils.hasText(operation.getCacheResolver())) {
			return false;
		}
		String manager = operation.getCacheManager();
		return !StringUtils.hasText(manager)
				|| (this.beans.containsBean(manager) && this.beans.isTypeMatch(manager, this.managers));
	}

	private void add(CacheOperation operation, Method method, Class<?> targetClass) {
		Type type = CachedResult.of(method, targetClass);
		if (type != null) {
			String name = targetClass.getName() + "." + method.getName();
			operation.getCacheNames()
				.forEach((cache) -> this.found.computeIfAbsent(cache, (absent) -> new HashMap<>())
					.computeIfAbsent(type, (absent) -> new TreeSet<>())
					.add(name));
		}
	}

}
