package io.psqache.benchmarks.measure;

import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.Steps;
import io.psqache.benchmarks.workload.Workload;

/**
 * One operation on a contender, and the judgement whether the answer was right.
 */
@FunctionalInterface
interface Task {

	/**
	 * Do it.
	 * @param place the place in the sequence of {@link Steps}
	 * @return whether the answer was right
	 * @throws Exception if it failed
	 */
	boolean perform(int place) throws Exception;

	/**
	 * The task of a workload. A workload that {@link PutLog} watches is not among them.
	 */
	static Task of(Workload workload, Contender contender, Dataset dataset, Steps steps) {
		Task get = (place) -> {
			int key = steps.key(place);
			return dataset.mayHold(key, contender.get(dataset.key(key)));
		};
		Task miss = (place) -> contender.get(dataset.absentKey(steps.key(place))) == null;
		Task put = (place) -> {
			int key = steps.key(place);
			contender.put(dataset.key(key), dataset.value(key, place));
			return true;
		};
		return switch (workload) {
			case GET -> get;
			case GET90 -> (place) -> (steps.isOther(place) ? miss : get).perform(place);
			case PUT, SUSTAINED -> put;
			case MIXED -> (place) -> (steps.isOther(place) ? put : get).perform(place);
		};
	}

}
