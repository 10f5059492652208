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

import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.Date;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import java.util.function.Function;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * The stored forms of JDBC dates and times. Jackson's forms are truncated to
 * milliseconds.
 * <p>
 * A {@code Timestamp} is stored as its instant, with nanoseconds. A {@code Date} is
 * stored as a day, and a {@code Time} as a time of day, so that both have the same
 * meaning in a JVM with another time zone. If they hold more than that, such as a
 * {@code Date} of {@code currentTimeMillis()}, they are stored as their instant.
 */
@SuppressWarnings("JavaUtilDate") // JDBC rows contain these classes.
final class JdbcTypes {

	/**
	 * Types that are valid only while their connection or statement is open.
	 */
	private static final Set<Class<?>> BOUND = Set.of(Array.class, Blob.class, Clob.class, Connection.class, Ref.class,
			ResultSet.class, RowId.class, SQLXML.class, Statement.class, Struct.class);

	private JdbcTypes() {
	}

	static SimpleModule module() {
		return new SimpleModule("psqache-jdbc")
			.addSerializer(new ToText<>(Timestamp.class, (timestamp) -> timestamp.toInstant().toString()))
			.addDeserializer(Timestamp.class,
					new OfText<>(Timestamp.class, (text) -> Timestamp.from(Instant.parse(text))))
			.addSerializer(new ToText<>(Date.class, JdbcTypes::text))
			.addDeserializer(Date.class, new OfText<>(Date.class, JdbcTypes::date))
			.addSerializer(new ToText<>(Time.class, JdbcTypes::text))
			.addDeserializer(Time.class, new OfText<>(Time.class, JdbcTypes::time));
	}

	/**
	 * Return whether objects of a class are valid only while their connection is open.
	 */
	static boolean isBoundToConnection(Class<?> type) {
		return BOUND.stream().anyMatch((bound) -> bound.isAssignableFrom(type));
	}

	private static String text(Date date) {
		LocalDate day = date.toLocalDate();
		return Date.valueOf(day).equals(date) ? day.toString() : instant(date).toString();
	}

	private static Date date(String text) {
		return isInstant(text) ? new Date(Instant.parse(text).toEpochMilli()) : Date.valueOf(LocalDate.parse(text));
	}

	private static String text(Time time) {
		LocalTime ofDay = instant(time).atZone(ZoneId.systemDefault()).toLocalTime();
		return time(ofDay).equals(time) ? ofDay.toString() : instant(time).toString();
	}

	private static Time time(String text) {
		return isInstant(text) ? new Time(Instant.parse(text).toEpochMilli()) : time(LocalTime.parse(text));
	}

	/**
	 * Create a time as JDBC drivers do: on 1970-01-01, in the default time zone.
	 */
	private static Time time(LocalTime ofDay) {
		return new Time(LocalDate.EPOCH.atTime(ofDay).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli());
	}

	/**
	 * Return the instant of a date: {@code toInstant()} of a {@code java.sql} class
	 * throws an exception.
	 */
	private static Instant instant(java.util.Date date) {
		return Instant.ofEpochMilli(date.getTime());
	}

	private static boolean isInstant(String text) {
		return text.endsWith("Z");
	}

	@SuppressWarnings("serial")
	private static final class ToText<T> extends StdScalarSerializer<T> {

		private final Function<T, String> text;

		ToText(Class<T> type, Function<T, String> text) {
			super(type);
			this.text = text;
		}

		@Override
		public void serialize(T value, JsonGenerator generator, SerializationContext context) {
			generator.writeString(this.text.apply(value));
		}

	}

	@SuppressWarnings("serial")
	private static final class OfText<T> extends StdScalarDeserializer<T> {

		private final Function<String, T> value;

		OfText(Class<T> type, Function<String, T> value) {
			super(type);
			this.value = value;
		}

		@Override
		public T deserialize(JsonParser parser, DeserializationContext context) {
			return this.value.apply(parser.getString());
		}

	}

}
