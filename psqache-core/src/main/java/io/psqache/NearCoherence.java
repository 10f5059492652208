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

package io.psqache;

/**
 * How old a near entry may be.
 */
public enum NearCoherence {

	/**
	 * The near entries of a changed entry are dropped some milliseconds after the commit.
	 * A change does not wait for peers.
	 */
	EVENTUAL,

	/**
	 * A read of a near entry is never older than the last commit before it. A change
	 * waits until all peers with near entries have suspended them.
	 */
	STRICT

}
