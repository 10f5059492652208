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

/**
 * Near entries that no instance uses while a change of them is in progress. Ending it
 * twice has no effect.
 */
@FunctionalInterface
public interface Suspension {

	/**
	 * A suspension of nothing.
	 */
	Suspension NONE = () -> {
	};

	/**
	 * End the suspension, because the change is visible or never will be. If that is not
	 * known, do not end it: the holders then give up their leases, and take others when
	 * all transactions have ended that may have made the change.
	 */
	void end();

}
