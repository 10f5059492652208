package io.psqache.autoconfigure;

import javax.sql.DataSource;

import io.psqache.transaction.TransactionMode;
import io.psqache.transaction.Transactions;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Tells from the properties how caches take part in the transactions of the application.
 */
final class TransactionProperties {

	private final PsqacheProperties properties;

	TransactionProperties(PsqacheProperties properties) {
		this.properties = properties;
	}

	/**
	 * How they do.
	 * @param application the one {@code DataSource} of the application, if there is one
	 */
	Transactions transactions(@Nullable DataSource application) {
		TransactionMode mode = mode(application);
		if (mode == TransactionMode.ATOMIC && !isSameDatabase(application)) {
			throw new StartupException(
					"psqache.transactions is 'atomic', but the cache is not in the database of the application's "
							+ "DataSource: psqache.datasource.url names another one, or there is no DataSource.",
					"Set psqache.transactions=after-commit, or remove psqache.datasource.url.", null);
		}
		return new Transactions(mode, (mode == TransactionMode.ATOMIC) ? application : null,
				this.properties.requireEvictions());
	}

	/**
	 * By default not atomic either where the cache has a login of its own: the
	 * application's may not be allowed to write to it.
	 */
	private TransactionMode mode(@Nullable DataSource application) {
		TransactionMode configured = this.properties.transactions();
		if (configured != null) {
			return configured;
		}
		boolean sameLogin = !StringUtils.hasText(this.properties.datasource().username());
		return (isSameDatabase(application) && sameLogin) ? TransactionMode.ATOMIC : TransactionMode.AFTER_COMMIT;
	}

	private boolean isSameDatabase(@Nullable DataSource application) {
		return application != null && !StringUtils.hasText(this.properties.datasource().url());
	}

}
