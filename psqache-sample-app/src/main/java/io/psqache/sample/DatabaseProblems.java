package io.psqache.sample;

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
	 * is a miss, and an eviction is remembered.
	 */
	@ExceptionHandler({ DataAccessResourceFailureException.class, TransientDataAccessResourceException.class })
	ProblemDetail databaseIsDown() {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"The sample keeps its sales in PostgreSQL, which does not answer. Try again when it is back.");
		problem.setTitle("The database is down");
		return problem;
	}

}
