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

package io.psqache.benchmarks.contender;

import java.util.List;

/**
 * The cached value: a record as applications use.
 *
 * @param id identifies the keys that may have this value, see {@link Dataset}
 * @param name the name
 * @param price the price in cents
 * @param rating the rating, 0 to 5
 * @param tags some words
 * @param text words up to the size of the value
 */
public record Product(int id, String name, long price, double rating, List<String> tags, String text) {
}
