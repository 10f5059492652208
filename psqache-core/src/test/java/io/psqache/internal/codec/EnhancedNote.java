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

import jakarta.persistence.Basic;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.jspecify.annotations.Nullable;

/**
 * An entity whose class a test enhances. The class is not nested, because a class loader
 * of the test loads it.
 */
@Entity(name = "note")
class EnhancedNote {

	@Id
	private @Nullable Long id;

	@Basic(fetch = FetchType.LAZY)
	private @Nullable String text;

	@ManyToOne(fetch = FetchType.LAZY)
	private @Nullable EnhancedNote parent;

	public @Nullable Long getId() {
		return this.id;
	}

	public void setId(@Nullable Long id) {
		this.id = id;
	}

	public @Nullable String getText() {
		return this.text;
	}

	public void setText(@Nullable String text) {
		this.text = text;
	}

	public @Nullable EnhancedNote getParent() {
		return this.parent;
	}

	public void setParent(@Nullable EnhancedNote parent) {
		this.parent = parent;
	}

}
