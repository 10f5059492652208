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
 * Returns the last connect failure of a {@code DataSource} immediately. A pool reports
 * the cause only after it has waited for a connection. The {@code DataSource} of the
 * {@link Engine} may unwrap to this interface.
 */
public interface ConnectAttempts {

	/**
	 * Return the failure of the last attempt to connect.
	 * @return the failure; {@code null} if the attempt succeeded or there was none
	 */
	@Nullable SQLException lastFailure();

}
