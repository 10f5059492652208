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
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Packages that an application cannot trust, because they contain classes that are
 * dangerous to deserialize: with crafted content, such a class connects to a server or
 * runs code. Trust in a package includes its sub-packages, so a package that contains one
 * of these is also refused. The list cannot be complete: applications should trust only
 * packages of values.
 * <p>
 * Sources: Jackson's {@code SubTypeValidator} (each entry names the issue that reported
 * it), and the projects ysoserial and marshalsec, which contain exploits.
 */
final class DangerousPackages {

	/**
	 * Packages of the Java platform, and top-level domains.
	 */
	private static final Pattern PLATFORM = Pattern
		.compile("(java|javax|jakarta|jdk|sun|com\\.sun)(\\..*)?|com|org|net|io");

	/**
	 * A single name, or a second-level domain that has many owners.
	 */
	private static final Pattern SHARED = Pattern
		.compile("[^.]+|[a-z]{2}\\.(ac|co|com|edu|go|gob|gov|gouv|govt|gv|id|mil|ne|net|nom|or|org)");

	private static final List<String> LIBRARIES = List.of(
			// Spring: method calls, lookups, contexts from a URL (CVE-2017-17485),
			// advisors, expressions, scripts, connections to a URL
			"org.springframework.aop", "org.springframework.beans", "org.springframework.boot",
			"org.springframework.cache", "org.springframework.cglib", "org.springframework.context",
			"org.springframework.core", "org.springframework.dao.annotation", "org.springframework.ejb",
			"org.springframework.expression", "org.springframework.jdbc", "org.springframework.jms",
			"org.springframework.jmx", "org.springframework.jndi", "org.springframework.ldap",
			"org.springframework.objenesis", "org.springframework.orm", "org.springframework.oxm",
			"org.springframework.remoting", "org.springframework.scheduling", "org.springframework.scripting",
			"org.springframework.transaction", "org.springframework.util", "org.springframework.web.context",

			// Apache: transformers, XSLT, JNDI and RMI lookups, pools that look up a
			// DataSource
			"org.apache.activemq", "org.apache.aries.transaction", "org.apache.axis", "org.apache.axis2",
			"org.apache.batik", "org.apache.bcel", "org.apache.catalina", "org.apache.click",
			"org.apache.commons.beanutils", "org.apache.commons.collections", "org.apache.commons.collections4",
			"org.apache.commons.configuration", "org.apache.commons.configuration2", "org.apache.commons.dbcp",
			"org.apache.commons.dbcp2", "org.apache.commons.fileupload", "org.apache.commons.jelly",
			"org.apache.commons.proxy", "org.apache.cxf", "org.apache.derby", "org.apache.hadoop.shaded",
			"org.apache.ibatis", "org.apache.ignite", "org.apache.log4j", "org.apache.logging", "org.apache.myfaces",
			"org.apache.naming", "org.apache.openjpa", "org.apache.shiro", "org.apache.tomcat", "org.apache.velocity",
			"org.apache.wicket", "org.apache.xalan", "org.apache.xbean",

			// scripts and closures
			"bsh", "clojure", "groovy", "javassist", "org.codehaus.groovy", "org.mozilla.javascript", "org.python",
			"scala",

			// connection pools, drivers, persistence, transactions
			"br.com.anteros", "ch.qos.logback", "com.alibaba.druid", "com.caucho", "com.ibatis", "com.mchange",
			"com.microsoft.sqlserver", "com.mysql", "com.nqadmin", "com.p6spy", "com.zaxxer", "jodd.db",
			"net.sf.ehcache", "oracle", "org.arrah", "org.h2", "org.hibernate", "org.hsqldb", "org.mariadb",
			"org.postgresql.ds", "org.postgresql.xa", "org.quartz", "org.sqlite",

			// others that look up names, parse XML or run methods
			"com.fasterxml", "com.ibm", "com.newrelic", "com.oracle", "com.pastdev", "com.rometools",
			"com.sun.syndication", "com.unboundid", "flex.messaging", "oadd", "org.aoju", "org.docx4j.org",
			"org.eclipse.jetty", "org.jboss.interceptor", "org.jboss.util", "org.jboss.weld", "org.jdom", "org.jdom2",
			"org.jsecurity", "org.slf4j", "tools.jackson", "weblogic");

	private DangerousPackages() {
	}

	/**
	 * Return whether a package is of the Java platform, or is a top-level domain.
	 */
	static boolean isPlatform(String packageName) {
		return PLATFORM.matcher(packageName).matches();
	}

	/**
	 * Return whether a package is a common prefix of the packages of many owners.
	 */
	static boolean isShared(String packageName) {
		return SHARED.matcher(packageName).matches();
	}

	/**
	 * Return the dangerous package that contains, equals or is contained in a package.
	 * @return its name, or {@code null} if there is none
	 */
	static @Nullable String of(String packageName) {
		for (String library : LIBRARIES) {
			if (isWithin(packageName, library) || isWithin(library, packageName)) {
				return library;
			}
		}
		return null;
	}

	private static boolean isWithin(String packageName, String other) {
		return packageName.startsWith(other)
				&& (packageName.length() == other.length() || packageName.charAt(other.length()) == '.');
	}

}
