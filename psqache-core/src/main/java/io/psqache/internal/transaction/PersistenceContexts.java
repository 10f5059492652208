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

package io.psqache.internal.transaction;

import java.util.Map;

import jakarta.persistence.EntityManager;

import org.springframework.dao.support.DataAccessUtils;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaDialect;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Flushes the JPA persistence contexts of a transaction before the cache writes. The rows
 * of the application are then locked before those of the cache, as without JPA. Evictions
 * by entity listeners become part of the commit.
 */
final class PersistenceContexts {

	private static final boolean JPA_PRESENT = ClassUtils.isPresent("org.springframework.orm.jpa.EntityManagerHolder",
			PersistenceContexts.class.getClassLoader())
			&& ClassUtils.isPresent("jakarta.persistence.EntityManager", PersistenceContexts.class.getClassLoader());

	private PersistenceContexts() {
	}

	static void flush() {
		if (JPA_PRESENT) {
			Jpa.flush();
		}
	}

	/**
	 * A separate class, because it cannot be loaded without JPA.
	 */
	private static final class Jpa {

		/**
		 * Flush all persistence contexts. Iterates over a copy, because entity listeners
		 * may start transactions.
		 */
		private static void flush() {
			Map.copyOf(TransactionSynchronizationManager.getResourceMap()).forEach((key, resource) -> {
				if (resource instanceof EntityManagerHolder holder
						&& holder.getEntityManager().isJoinedToTransaction()) {
					flush(holder.getEntityManager(), key);
				}
			});
		}

		/**
		 * Flush, and translate a failure like a failed flush in the commit.
		 */
		private static void flush(EntityManager entityManager, Object factory) {
			try {
				entityManager.flush();
			}
			catch (RuntimeException ex) {
				JpaDialect dialect = (factory instanceof EntityManagerFactoryInfo info) ? info.getJpaDialect() : null;
				throw (dialect != null) ? DataAccessUtils.translateIfNecessary(ex, dialect) : ex;
			}
		}

	}

}
