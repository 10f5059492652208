package io.psqache.benchmarks.consistency;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariConfig;
import io.psqache.benchmarks.server.Servers;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.cache.autoconfigure.RedisCacheManagerBuilderCustomizer;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One of several instances of the application, with a Spring context and connections of
 * its own. Thread-safe.
 */
final class ApplicationInstance implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final Items items;

	private final TransactionTemplate transaction;

	private final TransactionTemplate repeatable;

	private final LongAdder reads = new LongAdder();

	private ApplicationInstance(ConfigurableApplicationContext context) {
		this.context = context;
		this.items = context.getBean(Items.class);
		PlatformTransactionManager transactions = context.getBean(PlatformTransactionManager.class);
		this.transaction = new TransactionTemplate(transactions);
		this.repeatable = new TransactionTemplate(transactions);
		this.repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
	}

	/**
	 * Start it.
	 * @param servers where its database and Redis are
	 * @param database name of the database, which has the table
	 * @param setup what it has for its cache
	 */
	static ApplicationInstance start(Servers servers, String database, CacheSetup setup) {
		HikariConfig pool = servers.postgres().pool(database, 1);
		Stream<String> properties = Stream.of("spring.datasource.url=" + pool.getJdbcUrl(),
				"spring.datasource.username=" + pool.getUsername(), "spring.cache.redis.key-prefix=" + database + ":");
		return new ApplicationInstance(new SpringApplicationBuilder(ItemApplication.class).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.registerShutdownHook(false)
			.properties(Stream.concat(properties, setup.properties(servers.redis())).toArray(String[]::new))
			.initializers(choicesOf(setup))
			.run());
	}

	private static ApplicationContextInitializer<GenericApplicationContext> choicesOf(CacheSetup setup) {
		return (context) -> context.registerBean(RedisCacheManagerBuilderCustomizer.class,
				() -> (builder) -> setup.choose(builder, context.getBean(RedisConnectionFactory.class)));
	}

	Items items() {
		return this.items;
	}

	/**
	 * Transactions of the default isolation, READ COMMITTED.
	 */
	TransactionTemplate transaction() {
		return this.transaction;
	}

	/**
	 * Transactions of REPEATABLE READ.
	 */
	TransactionTemplate repeatable() {
		return this.repeatable;
	}

	/**
	 * Read through the cache.
	 * @param id of the row
	 * @param shared whether callers that miss together load once, in one instance
	 */
	long version(int id, boolean shared) {
		this.reads.increment();
		return shared ? this.items.sharedVersion(id) : this.items.version(id);
	}

	/**
	 * How many reads the cache answered.
	 */
	long hits() {
		return reads() - this.items.loads();
	}

	long reads() {
		return this.reads.sum();
	}

	@Override
	public void close() {
		this.context.close();
	}

}
