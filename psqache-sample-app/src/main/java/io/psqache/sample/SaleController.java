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

package io.psqache.sample;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Reads and changes single sales.
 */
@RestController
@RequestMapping("/api/sales")
class SaleController {

	private final SaleService sales;

	SaleController(SaleService sales) {
		this.sales = sales;
	}

	@GetMapping
	ResponseEntity<Collection<Sale>> findAll(@RequestParam List<Long> ids) {
		Computation<Map<Long, Sale>> found = Computation.of(() -> this.sales.findAll(ids));
		return ResponseEntity.ok().headers(found.headers()).body(found.result().values());
	}

	@GetMapping("/{id}")
	ResponseEntity<Sale> find(@PathVariable long id) {
		Computation<Optional<Sale>> found = Computation.of(() -> this.sales.find(id));
		Sale sale = found.result()
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no sale " + id + "."));
		return ResponseEntity.ok().headers(found.headers()).body(sale);
	}

	@PutMapping("/{id}/quantity")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void updateQuantity(@PathVariable long id, @RequestBody int quantity) {
		if (quantity < 1) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "The quantity must be 1 or more.");
		}
		if (!this.sales.updateQuantity(id, quantity)) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no sale " + id + ".");
		}
	}

}
