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

import org.jspecify.annotations.Nullable;

/**
 * Decides which packages an application may trust.
 */
public final class TrustedPackages {

	private TrustedPackages() {
	}

	/**
	 * Return whether an application may trust a package. Packages of the JDK, common
	 * prefixes of many owners such as {@code com}, {@code dev} or {@code uk.co}, and
	 * packages with classes that are dangerous to deserialize are not allowed.
	 * @param packageName the name of the package
	 * @return whether the package may be trusted
	 */
	public static boolean mayBeTrusted(String packageName) {
		return !DangerousPackages.isPlatform(packageName) && !DangerousPackages.isShared(packageName)
				&& dangerousPackage(packageName) == null;
	}

	/**
	 * Return the library package with classes that are dangerous to deserialize, if it
	 * contains, equals or is contained in a package.
	 * @param packageName the name of the package
	 * @return the name of the library package, or {@code null} if there is none
	 */
	public static @Nullable String dangerousPackage(String packageName) {
		return DangerousPackages.isPlatform(packageName) ? null : DangerousPackages.of(packageName);
	}

}
