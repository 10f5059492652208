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
 * The content of the {@code type} column, which is sufficient to read an entry:
 * {@code v1 com.acme.User}, {@code v1 java.util.List<com.acme.User>}, or
 * {@code v1,tagged java.util.ArrayList} if the JSON contains class names. A later version
 * of psqache may write other forms.
 *
 * @param tagged whether the JSON contains class names, as {@link TagSerializer} writes
 * them
 * @param escaped whether strings contain halves of surrogate pairs, written as JSON
 * escapes; such an entry must be read as text, because a parser of bytes refuses such
 * property names
 * @param type the canonical name of the type, with its type arguments
 */
record StoredForm(boolean tagged, boolean escaped, String type) {

	private static final String VERSION = "v1";

	private static final String TAGGED = ",tagged";

	private static final String ESCAPED = ",escaped";

	/**
	 * Parse the content of the column.
	 * @return the form, or {@code null} if this version does not support it
	 */
	static @Nullable StoredForm parse(String text) {
		int space = text.indexOf(' ');
		String head = text.substring(0, Math.max(space, 0));
		StoredForm form = new StoredForm(head.contains(TAGGED), head.contains(ESCAPED), text.substring(space + 1));
		return form.head().equals(head) ? form : null;
	}

	private String head() {
		return VERSION + (this.tagged ? TAGGED : "") + (this.escaped ? ESCAPED : "");
	}

	@Override
	public String toString() {
		return head() + " " + this.type;
	}

}
