package io.psqache.codec;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JsonTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "\u20ac", "\ud83d\ude00", "a\ud83d\ude00b\ud83d\ude00" })
	void wholeTextFits(String text) {
		assertThat(JsonText.isUnicode(text)).isTrue();
		assertThat(JsonText.fitsJsonb(text)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\ud83d", "\ude00", "\ud83dx", "x\ud83d", "\ude00\ud83d", "\ud83d\ud83d\ude00" })
	void halfAPairDoesNot(String text) {
		assertThat(JsonText.isUnicode(text)).isFalse();
		assertThat(JsonText.fitsJsonb(text)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.2E7", "[1,2E+9]", "{\"E\":-0.0}", "[\"a\\\"\",1E5]", "-0.0", "[-0.00]" })
	void numberThatNumericWouldChangeDoesNotFitJsonb(String text) {
		assertThat(JsonText.fitsJsonb(text)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"1E5\"", "{\"E\":\"-0.0\"}", "[true,false,null,-0.5,-1,-0.05]", "-0.01", "\"\\\\u0000\"",
			"\"\\\"E\"" })
	void whatLooksLikeItInAStringDoes(String text) {
		assertThat(JsonText.fitsJsonb(text)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\\u0000\"", "{\"a\":\"x\\u0000y\"}" })
	void escapedNulDoesNotFitJsonb(String text) {
		assertThat(JsonText.isUnicode(text)).isTrue();
		assertThat(JsonText.fitsJsonb(text)).isFalse();
	}

}
