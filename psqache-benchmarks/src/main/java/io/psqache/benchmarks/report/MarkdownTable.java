package io.psqache.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Lays a table out for a document.
 */
public final class MarkdownTable {

	private MarkdownTable() {
	}

	/**
	 * Lay it out.
	 * @param head names of the columns
	 * @param rows the cells of each row
	 * @return Markdown
	 */
	public static String of(List<String> head, List<List<String>> rows) {
		String line = head.stream().map((name) -> "---").collect(Collectors.joining("|", "|", "|\n"));
		return row(head) + line + rows.stream().map(MarkdownTable::row).collect(Collectors.joining());
	}

	/**
	 * A bar in a cell would end it.
	 */
	private static String row(List<String> cells) {
		return cells.stream().map((cell) -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
	}

}
