package io.psqache.hostile;

/**
 * A class that nobody trusts, and that leaves a trace when so much as initialized.
 */
public class Gadget {

	public static final String TRACE = "psqache.test.gadget";

	static {
		System.setProperty(TRACE, "was here");
	}

}
