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

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The stored form of keys does not change between versions, JVMs and machines.
 */
class KeyTextsTests {

	@Test
	void storedFormsEqualGoldenFile() {
		assertThat(KeySamples.texts()).isEqualTo(goldenTexts());
	}

	@Test
	void jvmWithOtherDefaultsHasTheSameStoredForms() throws Exception {
		Process process = new ProcessBuilder(System.getProperty("java.home") + File.separator + "bin/java",
				"-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Asia/Kathmandu",
				"-Dfile.encoding=ISO-8859-1", "-cp", System.getProperty("java.class.path"), KeySamples.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		assertThat(lines(process.getInputStream())).isEqualTo(goldenTexts());
		assertThat(process.waitFor()).isZero();
	}

	private static List<String> goldenTexts() {
		return lines(Objects.requireNonNull(KeyTextsTests.class.getResourceAsStream("key-texts.txt")));
	}

	private static List<String> lines(InputStream stream) {
		try (stream) {
			return List.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8).split("\n"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
