package io.psqache.benchmarks.report;

import java.io.StringReader;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

class LineChartTests {

	@Test
	void drawsALineForEachSeriesAndADotForEachPointThereIs() throws Exception {
		LineChart chart = new LineChart("Calls & <more>", "threads", "somewhere", List.of("1", "8", "32"),
				new LinearScale(), List.of(new LineChart.Series("a", "#123456", List.of(1.0, 20.0, 30.0)),
						new LineChart.Series("b", "#654321", List.of(5.0, Double.NaN, 7.0))));
		Document svg = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(new StringReader(chart.draw())));
		assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
		assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(5);
	}

	@Test
	void linearMarksBeginAtZeroAndPassTheMost() {
		assertThat(new LinearScale().marks(3, 31)).containsExactly(0.0, 10.0, 20.0, 30.0, 40.0);
	}

	@Test
	void logarithmicMarksEncloseAllFigures() {
		assertThat(new LogScale().marks(30, 2000)).containsExactly(10.0, 100.0, 1000.0, 10_000.0);
	}

}
