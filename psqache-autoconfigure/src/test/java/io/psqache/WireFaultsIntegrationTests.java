package io.psqache;

import io.psqache.engine.FailureCause;
import org.junit.jupiter.api.Test;

/**
 * What an application notices of each fault of the wire to its server.
 */
class WireFaultsIntegrationTests extends FaultsFixture {

	@Override
	String url() {
		return server.url(this.relay);
	}

	@Test
	void wireThatIsCut() {
		outage(this.relay::cut, this.relay::restore, FailureCause.UNAVAILABLE, FailureCause.TIMEOUT);
	}

	@Test
	void wireThatLetsNothingThrough() {
		outage(this.relay::stall, this.relay::restore, FailureCause.TIMEOUT, FailureCause.UNAVAILABLE);
	}

	@Test
	void wireThatLetsNoAnswerThrough() {
		outage(this.relay::stallAnswers, this.relay::restore, FailureCause.TIMEOUT, FailureCause.UNAVAILABLE);
	}

}
