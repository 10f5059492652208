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

package io.psqache.internal.engine;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * What a {@code DataSource} knows of the connections that it tried to open. A pool says
 * why it has no connection only after it has waited for one; this says so at once. A
 * {@code DataSource} of the {@link Engine} may be a wrapper of it.
 */
public interface ConnectAttempts {

	/**
	 * The outcome of the last attempt to connect.
	 * @return {@code null} if it succeeded, or there was none
	 */
	@Nullable SQLException lastFailure();

}
