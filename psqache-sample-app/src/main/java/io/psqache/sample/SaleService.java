package io.psqache.sample;

import java.util.Optional;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.stereotype.Service;

/**
 * Single sales, cached by their number.
 */
@Service
class SaleService {

	private final SaleRepository sales;

	SaleService(SaleRepository sales) {
		this.sales = sales;
	}

	/**
	 * Find a sale. That there is none is cached too.
	 */
	@Cacheable("sales")
	Optional<Sale> find(long id) {
		Computation.happened();
		return this.sales.find(id);
	}

	/**
	 * Change a sale, and remove all that was computed from its earlier state: the sale
	 * itself and the report.
	 * @return whether there is such a sale
	 */
	@Caching(evict = { @CacheEvict(cacheNames = "sales", key = "#id"),
			@CacheEvict(cacheNames = "report", allEntries = true) })
	boolean updateQuantity(long id, int quantity) {
		return this.sales.updateQuantity(id, quantity);
	}

}
