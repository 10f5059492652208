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

package io.psqache.internal.near;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

import io.psqache.internal.store.KeyHash;
import io.psqache.internal.store.Notifications;
import org.jspecify.annotations.Nullable;

/**
 * A message between instances. Its text is one line: version, sender, time, kind, and
 * fields that depend on the kind. Functions of the schema write the same format.
 */
sealed interface InvalidationMessage {

	String VERSION = "v1";

	/**
	 * Return the random id of the sending instance.
	 */
	String sender();

	String text();

	/**
	 * Parse a message.
	 * @return the message, or {@code null} if it is malformed or of a later version
	 */
	static @Nullable InvalidationMessage parse(String text) {
		String[] words = text.split(" ", -1);
		try {
			return words[0].equals(VERSION) ? parse(words) : null;
		}
		catch (IndexOutOfBoundsException | IllegalArgumentException ex) {
			return null;
		}
	}

	private static @Nullable InvalidationMessage parse(String[] words) {
		return switch (words[3]) {
			case "alive" -> new Alive(words[1], Long.parseLong(words[2]));
			case "gone" -> new Gone(words[1], Long.parseLong(words[2]));
			case "changed" ->
				new Changed(words[1], Long.parseLong(words[2]), Integer.parseInt(words[4]), Changed.hashes(words[5]));
			case "suspend" ->
				new Suspend(words[1], Long.parseLong(words[2]), Integer.parseInt(words[4]), Changed.hashes(words[5]));
			case "suspended" -> new Suspended(words[1], words[4], Long.parseLong(words[2]));
			case "resume" -> new Resume(words[1], Long.parseLong(words[2]), Integer.parseInt(words[4]));
			default -> null;
		};
	}

	/**
	 * A heartbeat: the sender is alive and has published all changes it had made until
	 * then.
	 *
	 * @param ticks when it was sent, by {@link System#nanoTime()} of the sender
	 */
	record Alive(String sender, long ticks) implements InvalidationMessage {

		@Override
		public String text() {
			return VERSION + " " + this.sender + " " + this.ticks + " alive";
		}

	}

	/**
	 * The sender shuts down and has published all of its changes.
	 *
	 * @param ticks when it was sent, by {@link System#nanoTime()} of the sender
	 */
	record Gone(String sender, long ticks) implements InvalidationMessage {

		@Override
		public String text() {
			return VERSION + " " + this.sender + " " + this.ticks + " gone";
		}

	}

	/**
	 * An invalidation of entries.
	 *
	 * @param micros when the first entry changed, in microseconds since 1970 by the
	 * sender's clock
	 * @param cacheId the id of the cache
	 * @param hashes the {@linkplain KeyHash hashes} of the keys, or {@code null} for all
	 * entries
	 */
	record Changed(String sender, long micros, int cacheId,
			@Nullable List<Long> hashes) implements InvalidationMessage {

		/**
		 * The maximum number of hashes in one message: 17 bytes each, with 100 bytes
		 * reserved for the other fields.
		 */
		static final int MAX_HASHES = (Notifications.MAX_BYTES - 100) / 17;

		private static final String ALL = "*";

		@Override
		public String text() {
			return VERSION + " " + this.sender + " " + this.micros + " changed " + this.cacheId + " "
					+ text(this.hashes);
		}

		static String text(@Nullable List<Long> hashes) {
			HexFormat hex = HexFormat.of();
			return (hashes != null)
					? hashes.stream().map((hash) -> hex.toHexDigits(hash)).collect(Collectors.joining(",")) : ALL;
		}

		static @Nullable List<Long> hashes(String keys) {
			if (keys.equals(ALL)) {
				return null;
			}
			List<Long> hashes = new ArrayList<>();
			for (String hash : keys.split(",", -1)) {
				if (hash.length() != 2 * Long.BYTES) {
					throw new IllegalArgumentException("No hash");
				}
				hashes.add(HexFormat.fromHexDigitsToLong(hash));
			}
			return hashes;
		}

	}

	/**
	 * Entries are about to change. Holders of leases on their cache suspend the near
	 * entries, and acknowledge that.
	 *
	 * @param number the sender's number of the suspension
	 * @param cacheId the id of the cache
	 * @param hashes the hashes of the keys; {@code null} for all
	 */
	record Suspend(String sender, long number, int cacheId,
			@Nullable List<Long> hashes) implements InvalidationMessage {

		@Override
		public String text() {
			return VERSION + " " + this.sender + " " + this.number + " suspend " + this.cacheId + " "
					+ Changed.text(this.hashes);
		}

	}

	/**
	 * Acknowledges a suspension.
	 *
	 * @param writer the instance that sent the suspension
	 * @param number its number of the suspension
	 */
	record Suspended(String sender, String writer, long number) implements InvalidationMessage {

		@Override
		public String text() {
			return VERSION + " " + this.sender + " " + this.number + " suspended " + this.writer;
		}

	}

	/**
	 * Ends a suspension: the change is visible, or never will be.
	 *
	 * @param number the sender's number of the suspension
	 * @param cacheId the id of the cache
	 */
	record Resume(String sender, long number, int cacheId) implements InvalidationMessage {

		@Override
		public String text() {
			return VERSION + " " + this.sender + " " + this.number + " resume " + this.cacheId;
		}

	}

}
