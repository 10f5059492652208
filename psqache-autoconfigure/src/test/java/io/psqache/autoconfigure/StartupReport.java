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

package io.psqache.autoconfigure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.test.system.CapturedOutput;

import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The report of Spring Boot for an application that cannot start.
 *
 * @param description the description
 * @param action the action
 */
record StartupReport(String description, String action) {

	private static final Pattern FORM = Pattern
		.compile("APPLICATION FAILED TO START\\R\\*+\\R+Description:\\R+(.*?)\\R+"
				+ "Action:\\R+(.*?)\\R*(?:\\R\\d\\d:\\d\\d:\\d\\d\\.\\d{3} .*)?", Pattern.DOTALL);

	/**
	 * Start an application that must fail.
	 * @param output the captured output with the report
	 */
	static StartupReport of(CapturedOutput output, Class<?> application, String... properties) {
		int before = output.length();
		assertThatException().isThrownBy(() -> TestApplication.run(application, properties).close());
		String printed = output.toString().substring(before);
		Matcher report = FORM.matcher(printed.substring(Math.max(0, printed.indexOf("APPLICATION FAILED"))));
		if (!report.matches()) {
			throw new AssertionError("No report was printed, but: " + printed);
		}
		return new StartupReport(report.group(1), report.group(2));
	}

	/**
	 * Return the SQL statements of the report: the lines between an introduction and the
	 * following sentence.
	 */
	String statements(String introduction) {
		String following = this.action.substring(this.action.indexOf(introduction) + introduction.length());
		return following.split("\\R\\R(?=If )", 2)[0];
	}

	String text() {
		return this.description + "\n" + this.action;
	}

}
