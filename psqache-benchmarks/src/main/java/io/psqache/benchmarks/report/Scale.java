package io.psqache.benchmarks.report;

import java.util.List;

/**
 * Where on an axis a figure lies.
 */
interface Scale {

	/**
	 * The figures at which the axis is marked, from least to most; the first and the last
	 * are its ends.
	 * @param least the least that must find a place, above zero
	 * @param most the most
	 */
	List<Double> marks(double least, double most);

	/**
	 * Where a figure lies between the ends.
	 * @return zero to one
	 */
	double place(double figure, double from, double to);

}
