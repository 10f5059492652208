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

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.ScrollPosition;
import org.springframework.data.domain.Sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Spring Data's page requests, sorts, limits and positions have stable keys.
 */
class SpringDataKeysTests {

	private final KeyCodec codec = new KeyCodec(List.of());

	@Test
	void keyOfPageableContainsPageSizeAndSort() {
		assertThat(this.codec.encode(PageRequest.of(2, 20))).isEqualTo("{\"page\":2,\"size\":20,\"sort\":[]}");
		assertThat(this.codec.encode(PageRequest.of(0, 5, Sort.by("name").descending())))
			.isEqualTo("{\"page\":0,\"size\":5,\"sort\":[{\"direction\":\"DESC\",\"property\":\"name\"}]}");
		assertThat(this.codec.encode(Pageable.unpaged())).isEqualTo("{\"paged\":false,\"sort\":[]}");
		assertThat(this.codec.encode(new SimpleKey("Davis", PageRequest.ofSize(1))))
			.isEqualTo("[\"Davis\",{\"page\":0,\"size\":1,\"sort\":[]}]");
	}

	@Test
	void keyOfSortContainsAllAttributesOfItsOrders() {
		Sort.Order order = Sort.Order.asc("name");
		List<Object> keys = List.of(Sort.by(order), Sort.by(order.reverse()), Sort.by(order.ignoreCase()),
				Sort.by(order.nullsFirst()), Sort.by(order.nullsLast()), Sort.by("name", "id"), Sort.by("id", "name"),
				Sort.unsorted(), Pageable.unpaged(), Pageable.unpaged(Sort.by(order)), PageRequest.ofSize(1),
				SimpleKey.EMPTY, Limit.of(1), Limit.unlimited(), ScrollPosition.offset(), ScrollPosition.offset(1),
				order);
		assertThat(keys.stream().map(this.codec::encode)).doesNotHaveDuplicates();
	}

	@Test
	@SuppressWarnings("deprecation") // Applications still use typed sorts.
	void equalSortsHaveEqualKeys() {
		String key = this.codec.encode(Sort.by("name"));
		assertThat(this.codec.encode(Sort.by(Sort.Order.by("name")))).isEqualTo(key);
		assertThat(this.codec.encode(Sort.sort(Named.class).by(Named::getName).ascending())).isEqualTo(key);
		assertThat(this.codec.encode(Sort.sort(Named.class).by(Named::getName))).isEqualTo(key);
	}

	@Test
	void subclassWithMoreStateIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.encode(new OfTenant(1)))
			.withMessageContaining("has a field 'tenant' that is not in its JSON");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.codec.encode(PageRequest.of(0, 1, new UnsafeSort("lower(name)"))))
			.withMessageContaining(UnsafeSort.class.getName());
	}

	static class Named {

		public String getName() {
			return "";
		}

	}

	@SuppressWarnings("serial")
	static class OfTenant extends PageRequest {

		private final int tenant;

		OfTenant(int tenant) {
			super(0, 1, Sort.unsorted());
			this.tenant = tenant;
		}

		int tenant() {
			return this.tenant;
		}

	}

	@SuppressWarnings("serial")
	static class UnsafeSort extends Sort {

		UnsafeSort(String expression) {
			super(List.of(Sort.Order.by(expression)));
		}

	}

}
