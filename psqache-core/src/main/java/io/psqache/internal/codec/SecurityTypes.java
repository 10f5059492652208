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

import java.util.Collection;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.module.SimpleModule;

import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;

/**
 * The stored forms of Spring Security's {@code User} and its authorities. The password is
 * stored as the value contains it, because a user without a password cannot log in. This
 * class is loaded only if Spring Security is on the class path.
 */
@SuppressWarnings("unused") // Jackson reads the forms, but does not call them.
final class SecurityTypes {

	private SecurityTypes() {
	}

	static SimpleModule module() {
		return new SimpleModule("psqache-security").setMixInAnnotation(User.class, UserForm.class)
			.setMixInAnnotation(SimpleGrantedAuthority.class, AuthorityForm.class);
	}

	private abstract static class UserForm {

		@JsonCreator
		UserForm(@JsonProperty("username") String username, @JsonProperty("password") @Nullable String password,
				@JsonProperty("enabled") boolean enabled, @JsonProperty("accountNonExpired") boolean accountNonExpired,
				@JsonProperty("credentialsNonExpired") boolean credentialsNonExpired,
				@JsonProperty("accountNonLocked") boolean accountNonLocked,
				@JsonProperty("authorities") Collection<? extends GrantedAuthority> authorities) {
		}

	}

	@JsonIncludeProperties("authority")
	private abstract static class AuthorityForm {

		@JsonCreator
		AuthorityForm(@JsonProperty("authority") String authority) {
		}

	}

}
