package io.psqache.sample;

import io.psqache.CacheEvictionException;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * What the sample answers when it cannot do without its database.
 */
@RestControllerAdvice
class DatabaseProblems {

	/**
	 * The sample's own SQL failed. The cache is never the reason: a read that fails there
	 * is a miss.
	 */
	@ExceptionHandler({ DataAccessResourceFailureException.class, TransientDataAccessResourceException.class })
	ProblemDetail databaseIsDown() {
		return problem("The database is down",
				"The sample keeps its sales in PostgreSQL, which does not answer. Try again when it is back.");
	}

	/**
	 * The data is changed, but the cache may still hold what was computed from its
	 * earlier state. Hiding that would be a lie to whoever reads next.
	 */
	@ExceptionHandler
	ProblemDetail cacheIsDown(CacheEvictionException ex) {
		return problem("The cache is out of date",
				"Any change was made, but the cache could not be told, and may show the earlier state until "
						+ "the entry expires. Send the request again: it changes nothing twice.");
	}

	private static ProblemDetail problem(String title, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, detail);
		problem.setTitle(title);
		return problem;
	}

}
