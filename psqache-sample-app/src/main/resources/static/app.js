const $ = (id) => document.getElementById(id);
const millis = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const euros = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const count = new Intl.NumberFormat("en");

// Calls the server, and says how long that took here, how long there, and who answered.
async function call(path, options) {
	const start = performance.now();
	const response = await fetch(path, { cache: "no-store", ...options });
	const text = await response.text();
	const browser = performance.now() - start;
	const body = text ? JSON.parse(text) : null;
	if (!response.ok) {
		throw new Error(`${body?.title ?? response.status}: ${body?.detail ?? "no answer"}`);
	}
	const timing = /dur=([\d.]+)/.exec(response.headers.get("Server-Timing") ?? "");
	const status = response.headers.get("Cache-Status");
	return { body, browser, server: timing && Number(timing[1]), hit: status && status.endsWith("hit") };
}

function row(...cells) {
	const line = document.createElement("tr");
	for (const [text, style] of cells) {
		const cell = line.insertCell();
		cell.textContent = text;
		cell.className = style ?? "";
	}
	return line;
}

function log(path, answer) {
	$("calls").prepend(row([`GET ${path}`, "key"],
		answer.hit ? ["cache: hit", "hit"] : ["SQL: miss", "miss"],
		[millis(answer.server), "number"], [millis(answer.browser), "number"]));
	while ($("calls").rows.length > 6) {
		$("calls").deleteRow(-1);
	}
}

async function getReport() {
	const answer = await call("/api/report");
	log("/api/report", answer);
	$("computed-at").textContent = new Date(answer.body.computedAt).toLocaleString();
	$("covered").textContent = count.format(answer.body.sales);
	$("shops").replaceChildren(...answer.body.shops.map((shop) => row([shop.city],
		[count.format(shop.sales), "number"], [euros.format(shop.revenue), "number"],
		[euros.format(shop.median), "number"], [euros.format(shop.percentile95), "number"],
		[`${shop.growthPercent.toFixed(1)} %`, "number"], [shop.bestSeller],
		[euros.format(shop.bestWeekRevenue), "number"], [shop.bestWeekEnd])));
}

async function evictReport() {
	await call("/api/report", { method: "DELETE" });
	await getReport();
}

function showTimes(times) {
	$("uncached").textContent = millis(times.uncachedMillis);
	$("cached").textContent = millis(times.cachedMillis);
	$("factor").textContent = count.format(Math.round(times.uncachedMillis / times.cachedMillis));
	$("measured").textContent = `As the server measured them: uncached is the median of ${times.computations} calls that`
		+ ` computed the report, cached that of ${times.reads} more, ${times.hits} of them hits.`
		+ " The calls of this page stand below.";
}

async function measure() {
	showTimes((await call("/api/report/measurement", { method: "POST" })).body);
}

async function getSale() {
	const path = `/api/sales/${$("sale-id").valueAsNumber}`;
	$("sale").replaceChildren();
	const answer = await call(path);
	log(path, answer);
	const sale = answer.body;
	$("quantity").value = sale.quantity;
	const facts = { Product: sale.product, Shop: sale.city, Quantity: sale.quantity,
		"Price of one": euros.format(sale.unitPrice), Sold: sale.soldOn };
	$("sale").replaceChildren(...Object.entries(facts).map(([term, value]) => {
		const fact = document.createElement("div");
		fact.append(document.createElement("dt"), document.createElement("dd"));
		fact.firstChild.textContent = term;
		fact.lastChild.textContent = value;
		return fact;
	}));
}

async function updateSale() {
	await call(`/api/sales/${$("sale-id").valueAsNumber}/quantity`, {
		method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify($("quantity").valueAsNumber)
	});
	await getSale();
}

function timeLeft(seconds) {
	if (seconds === null) {
		return "for ever";
	}
	const minutes = Math.floor(seconds / 60);
	return minutes < 60 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${(seconds / 3600).toFixed(1)} h`;
}

async function getEntries() {
	const entries = (await call("/api/entries")).body;
	const shorten = (json) => json.length > 220 ? `${json.slice(0, 220)} … (${count.format(json.length)} characters)` : json;
	$("entries").replaceChildren(...entries.map((entry) => row([entry.cache], [entry.key, "key"],
		[shorten(entry.value ?? "null"), "json"], [timeLeft(entry.secondsLeft), "number"])));
	if (!entries.length) {
		$("entries").append(row(["None at the moment.", "none"]));
	}
}

async function getHealth() {
	const status = (await (await fetch("/actuator/health", { cache: "no-store" })).json()).components.psqache.status;
	$("health").textContent = status;
	$("health").className = `pill ${status.toLowerCase()}`;
}

// Runs what a button is for, then shows what became of the entries and the health.
async function run(...actions) {
	document.querySelectorAll("button").forEach((button) => button.disabled = true);
	$("problem").hidden = true;
	for (const action of [...actions, getEntries, getHealth]) {
		try {
			await action();
		}
		catch (failure) {
			$("problem").textContent = failure.message;
			$("problem").hidden = false;
		}
	}
	document.querySelectorAll("button").forEach((button) => button.disabled = false);
}

$("get-report").onclick = () => run(getReport);
$("evict-report").onclick = () => run(evictReport);
$("measure").onclick = () => run(measure);
$("get-sale").onclick = () => run(getSale);
$("update-sale").onclick = () => run(updateSale);
$("get-entries").onclick = () => run();
run(async () => showTimes((await call("/api/report/measurement")).body), getReport, getSale);
