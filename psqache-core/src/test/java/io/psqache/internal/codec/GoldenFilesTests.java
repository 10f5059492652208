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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.psqache.Storage;
import io.psqache.internal.codec.Kinds.Address;
import io.psqache.internal.store.StoredValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The stored form of every kind of value, byte by byte: rows of earlier versions must
 * remain readable. A file contains the name of the column, the type and the JSON.
 * {@code -Dpsqache.test.golden=write} writes the files. An intended change of the form
 * increments the version in {@link StoredForm}, or keeps existing rows readable.
 */
class GoldenFilesTests {

	private static final Path FILES = Path.of("src/test/resources/io/psqache/internal/codec/golden");

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);

	@ParameterizedTest(name = "{0}")
	@MethodSource("kinds")
	void storedFormIsUnchanged(String name, Object value, ParameterizedTypeReference<?> declared) throws IOException {
		ValueCodec codec = this.codecs.codec("test", Storage.JSONB, declared.getType());
		String written = text(codec.encode(value));
		Path file = FILES.resolve(name + ".txt");
		if ("write".equals(System.getProperty("psqache.test.golden"))) {
			Files.createDirectories(FILES);
			Files.writeString(file, written);
		}
		String golden = Files.readString(file);
		if (!name.equals("map-immutable")) { // Its order differs in every JVM.
			assertThat(written).isEqualTo(golden);
		}
		assertThat(codec.decode(stored(golden))).isEqualTo(value);
	}

	@Test
	void everyFileBelongsToAKind() throws IOException {
		Set<String> names = kinds().map((kind) -> kind.get()[0] + ".txt").collect(Collectors.toSet());
		try (Stream<Path> files = Files.list(FILES)) {
			assertThat(files.map((file) -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(names);
		}
	}

	static Stream<Arguments> kinds() {
		ParameterizedTypeReference<Object> any = new ParameterizedTypeReference<>() {
		};
		ParameterizedTypeReference<List<Address>> addresses = new ParameterizedTypeReference<>() {
		};
		ParameterizedTypeReference<Map<Long, Address>> byId = new ParameterizedTypeReference<>() {
		};
		Address address = new Address("Rome", List.of("a"));
		return Stream.concat(
				Kinds.all().entrySet().stream().map((kind) -> Arguments.of(kind.getKey(), kind.getValue(), any)),
				Stream.of(Arguments.of("declared-list", new java.util.ArrayList<>(List.of(address)), addresses),
						Arguments.of("declared-list-immutable", List.of(address), addresses),
						Arguments.of("declared-map", new java.util.LinkedHashMap<>(Map.of(1L, address)), byId)));
	}

	private static String text(StoredValue stored) {
		byte[] payload = stored.payload();
		String json = (payload != null) ? new String(payload, StandardCharsets.UTF_8) : stored.json();
		return ((payload != null) ? "payload" : "value") + "\n" + stored.type() + "\n" + json + "\n";
	}

	private static StoredValue stored(String golden) {
		String[] lines = golden.split("\n", 3);
		String json = lines[2].substring(0, lines[2].length() - 1);
		return "payload".equals(lines[0])
				? StoredValue.payload(json.getBytes(StandardCharsets.UTF_8), Objects.requireNonNull(lines[1]))
				: StoredValue.json(json, lines[1]);
	}

}
