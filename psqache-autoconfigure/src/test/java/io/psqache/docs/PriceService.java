package io.psqache.docs;

import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

@Service
class PriceService {

	private final PriceRepository prices;

	PriceService(PriceRepository prices) {
		this.prices = prices;
	}

	@Cacheable("prices")
	Price find(String region, String isbn) { // the key is ["EU","978-1"]
		return this.prices.load(region, isbn);
	}

}
