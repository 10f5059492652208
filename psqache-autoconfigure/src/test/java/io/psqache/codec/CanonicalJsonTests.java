package io.psqache.codec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CanonicalJsonTests {

	@ParameterizedTest
	@ValueSource(strings = { "1", "-1.50E+3", "null", "\"\"", "\"a\\\"}\"", "\"NaN\"", "[]", "{}", "[1,[],{}]",
			"{\"a\":1,\"b\":[{\"c\":2}]}", "\"\\\\\"" })
	void canonicalJsonStays(String json) {
		assertThat(CanonicalJson.of(json)).isEqualTo(json);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ' ', quoteCharacter = '\'',
			value = { "{\"b\":1,\"a\":2} {\"a\":2,\"b\":1}",
					"[{\"b\":{\"d\":1,\"c\":2},\"a\":[]}] [{\"a\":[],\"b\":{\"c\":2,\"d\":1}}]",
					"{\"a!\":1,\"a\":2} {\"a\":2,\"a!\":1}", "{\"}\":1,\"\\\"\":2} {\"\\\"\":2,\"}\":1}" })
	void propertiesAreSorted(String json, String sorted) {
		assertThat(CanonicalJson.of(json)).isEqualTo(sorted);
	}

	@ParameterizedTest
	@ValueSource(strings = { "NaN", "[-Infinity]", "{\"a\":Infinity}", "{\"a\":1,\"a\":2}", "", "[", "{\"a\"}",
			"{\"a\":}", "[1]]", "\"a", "[,]", "{a:1}" })
	void otherTextIsRefused(String json) {
		assertThatExceptionOfType(UnstableKeyException.class).isThrownBy(() -> CanonicalJson.of(json));
	}

	@Test
	void depthIsKept() {
		String deep = "[".repeat(400) + "]".repeat(400);
		assertThat(CanonicalJson.of(deep)).isEqualTo(deep);
	}

}
