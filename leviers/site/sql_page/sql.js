// The page where a reader writes SQL: DuckDB, fetched on first use, reads the slim file beside it and nothing else.
(function () {
  "use strict";
  const FILE = "leviers.duckdb", SHOWN = 500, BARS = 20, LINES = 6, LETTER = 8, SVG = "http://www.w3.org/2000/svg";
  const SETTINGS = [
    "set autoinstall_known_extensions = false", "set autoload_known_extensions = false",
    `attach '${FILE}' (read_only)`, "use leviers", "set memory_limit = '2GB'",
    "set enable_external_access = false", "set lock_configuration = true",
  ];
  const EDITION = "select publication_id, publie_le from vues.fait_publication order by publie_le desc limit 1";
  const form = document.getElementById("requete"), editor = document.getElementById("sql");
  const book = document.querySelector(".book"), [run, stop, csv] = form.querySelectorAll("button");
  const state = document.getElementById("etat"), answer = document.getElementById("reponse");
  const day = new Intl.DateTimeFormat("fr", { dateStyle: "long", timeZone: "UTC" });
  const moment = new Intl.DateTimeFormat("fr", { dateStyle: "short", timeStyle: "medium", timeZone: "UTC" });
  let engine = null, edition = "", table = null;

  function element(name, attributes, ...children) {
    const isDrawn = ["svg", "path", "rect", "circle", "text"].includes(name);
    const made = isDrawn ? document.createElementNS(SVG, name) : document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  }
  const isWide = () => matchMedia("(min-width: 1000px)").matches;
  const counted = (n, one, many) => `${n.toLocaleString("fr")}\u00a0${n < 2 ? one : many}`;

  // The engine: its parts are packed, whatever the server does.
  async function fetched(path, options) {
    const found = await fetch(path, options);
    if (!found.ok) { throw new Error(`HTTP ${found.status}: ${path}`); }
    return found;
  }
  async function unpacked(path, type) {
    const blob = await (await fetched(path)).blob(), start = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
    const isPacked = start[0] === 0x1f && start[1] === 0x8b;  // else the server said so, and the browser has done it
    const stream = isPacked ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
    return new Response(stream, { headers: { "Content-Type": type } }).blob();
  }
  function script(path) {
    return new Promise((resolve, reject) => {
      const made = element("script", { src: path });
      made.onload = resolve;
      made.onerror = () => reject(new Error(`HTTP: ${path}`));
      document.head.append(made);
    });
  }
  async function library() {
    await script("sql/arrow.js");
    window.module = { exports: {} };  // the module of DuckDB is written for Node.js
    window.require = () => window.Arrow;
    await script("sql/duckdb.js");
    return window.module.exports;
  }
  async function started() {
    const file = new URL(form.dataset.file, location.href).href, isPacked = file.endsWith(".gz");
    const packed = isPacked ? unpacked(file, "") : Promise.resolve(null);  // unpacked while DuckDB is compiled
    packed.catch(() => {});  // is told where it is waited for
    const [duckdb, wasm, worker] = await Promise.all([
      library(), unpacked("sql/duckdb-eh.wasm.gz", "application/wasm"),
      unpacked("sql/duckdb-worker.js.gz", "text/javascript"),
    ]);
    const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(URL.createObjectURL(worker)));
    await database.instantiate(URL.createObjectURL(wasm));
    await database.open({
      query: { castBigIntToDouble: true, castTimestampToDate: true },
      filesystem: { reliableHeadRequests: true, allowFullHTTPReads: false, forceFullHTTPReads: false },
    });
    const asked = { method: "HEAD", headers: { Range: "bytes=0-" } };  // as DuckDB will
    const head = isPacked ? null : await fetched(file, asked);
    if (head && head.status === 206 && !head.headers.has("Content-Encoding")) {
      await database.registerFileURL(FILE, file, duckdb.DuckDBDataProtocol.HTTP, true);
    } else {  // packed, or on a server that knows no ranges
      const whole = await packed || await (await fetched(file)).blob();
      await database.registerFileBuffer(FILE, new Uint8Array(await whole.arrayBuffer()));
    }
    const connection = await database.connect();
    for (const setting of SETTINGS) { await connection.query(setting); }
    const last = (await connection.query(EDITION)).get(0);
    edition = `édition du ${day.format(last.publie_le)} (${last.publication_id})`;
    return { database, connection };
  }

  // A column of an answer: its name, its values as they are read, and what its type says of them.
  function column(field, vector) {
    const is = window.Arrow.DataType, type = field.type, isDecimal = is.isDecimal(type);
    const isDate = is.isDate(type), isMoment = is.isTimestamp(type);
    const isNumber = is.isFloat(type) || is.isInt(type) || isDecimal;
    const values = Array.from(vector, (value) => {
      if (value === null) { return null; }
      if (isDecimal) { return Number(whole(value)) / 10 ** type.scale; }
      if (isDate || isMoment || isNumber) { return value; }
      if (typeof value === "boolean") { return value ? "oui" : "non"; }
      return is.isList(type) ? Array.from(value).join(", ") : String(value);
    });
    const isYear = is.isInt(type) && values.every((value) => value === null || (value > 1800 && value < 2200));
    return { name: field.name, values, isDate, isMoment, isNumber, isYear };
  }
  // The integer that four words of 32 bits are.
  function whole(words) {
    return BigInt.asIntN(128, Array.from(words).reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n));
  }
  function written(value, { isDate, isMoment, isYear }) {
    if (value === null) { return "—"; }
    if (isDate) { return day.format(value); }
    if (isMoment) { return moment.format(value); }
    if (typeof value !== "number" || isYear) { return String(value); }
    const precision = Math.abs(value) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 };
    return value.toLocaleString("fr", precision).replace("-", "\u2212");
  }
  // A cell for a French spreadsheet: numbers in full, and no text that it would take for a formula.
  function cell(value, { isDate, isMoment, isNumber }) {
    if (value === null) { return ""; }
    if (isDate || isMoment) { return new Date(value).toISOString().slice(0, isDate ? 10 : 19).replace("T", " "); }
    const text = isNumber ? String(value).replace(".", ",") : value.replace(/^(?=[=+\-@\t\r])/, "'");
    return /[;"\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  }

  function shown(columns, count) {
    const head = columns.map((one) => element("th", { scope: "col" }, one.name)), lines = [];
    const isLong = (one) => one.values.some((value) => String(value).length > 40);
    const kind = columns.map((one) => one.isNumber ? "number" : isLong(one) ? "long" : "");
    const row = (i) => columns.map((one, j) => element("td", { class: kind[j] }, written(one.values[i], one)));
    for (let i = 0; i < Math.min(count, SHOWN); i++) { lines.push(element("tr", {}, ...row(i))); }
    const top = element("thead", {}, element("tr", {}, ...head));
    const made = element("table", {}, top, element("tbody", {}, ...lines));
    return element("div", { class: "rows", tabindex: "0", role: "region", "aria-label": "Lignes de la réponse" }, made);
  }

  // A first chart, from the types: a line per text over the years, else a bar per text. It shows the measure that the rows
  // are sorted by, or the first one, among those that have one unit: in their name, or in the column that goes with it.
  function chart(columns, count) {
    const distinct = (one) => new Set(one.values).size, named = (name) => columns.find((one) => one.name === name);
    const units = columns.filter((one) => one.name.startsWith("unite"));
    const unitOf = (one) => /_(pct|ktco2e)$/.test(one.name) ? null
      : named(one.name.replace("valeur", "unite")) || units[0];
    const measures = columns.filter((one) => one.isNumber && !one.isYear && one.values.some((value) => value !== null)
      && (unitOf(one) ? distinct(unitOf(one)) === 1 : true));
    const isAfter = (way, value, last) => value === null || way * value >= way * last;
    const isSorted = ({ values }) => [1, -1].some((way) =>
      values.every((value, i) => !i || isAfter(way, value, values[i - 1])));
    const measure = measures.find(isSorted) || measures[0];
    if (!measure || count < 2) { return null; }
    const texts = columns.filter((one) => !one.isNumber && !one.isDate && !one.isMoment && !units.includes(one));
    const time = columns.find((one) => (one.isYear || one.isDate) && distinct(one) > 1);
    const unit = unitOf(measure) ? ` (${unitOf(measure).values[0]})` : "";
    const key = (i, ...of) => of.map((one) => one.values[i]).join("\n"), rows = Array.from({ length: count }, (_, i) => i);
    const isKey = (...of) => new Set(rows.map((i) => key(i, ...of))).size === count;
    const title = `${measure.name}${unit}`;
    if (time) {
      const alone = { values: Array(count).fill("") };
      const by = [alone, ...texts].find((one) => distinct(one) <= LINES && isKey(time, one));
      if (by) { return lines(title, measure, time, by, rows); }
    }
    const label = texts.find((one) => isKey(one));
    return label ? bars(title, measure, label, rows.slice(0, BARS), count) : null;
  }
  const text = (x, y, said, kind = "") => element("text", { x, y, class: kind }, said);
  const cut = (said, most) => said.length > most ? `${said.slice(0, most - 1)}…` : said;
  function drawn(sentence, title, width, height, marks) {
    const box = { viewBox: `0 0 ${width} ${height}`, width, height };
    const svg = element("svg", { class: "chart", role: "img", "aria-label": sentence, ...box }, ...marks);
    return element("figure", { class: "figure" }, element("figcaption", {}, element("strong", {}, title)), svg);
  }
  const between = (values, one) => `de ${written(Math.min(...values), one)} à ${written(Math.max(...values), one)}`;
  const room = () => Math.min(answer.clientWidth, 760);
  function bars(title, measure, label, rows, count) {
    const width = room(), isWide = width > 560, left = isWide ? width * 0.4 : 0, step = isWide ? 24 : 40;
    const known = rows.map((i) => measure.values[i] ?? 0);
    const low = Math.min(0, ...known), high = Math.max(0, ...known, low + 1e-9);
    const x = (value) => left + (value - low) / (high - low) * (width - left - 84), marks = [];
    rows.forEach((i, at) => {
      const value = measure.values[i], y = at * step + (isWide ? 0 : 18), end = value ?? 0;
      const name = cut(String(label.values[i] ?? "—"), (isWide ? left - 8 : width) / LETTER);
      marks.push(isWide ? text(left - 8, y + 16, name, "e") : text(0, y - 4, name));
      const from = Math.min(x(0), x(end)), long = Math.abs(x(end) - x(0));
      marks.push(element("rect", { x: from, y: y + 3, width: long, height: 17, class: "accent" }));
      marks.push(text(x(Math.max(0, end)) + 6, y + 16, written(value, measure), "s"));
    });
    marks.push(element("path", { d: `M${x(0)} 0V${rows.length * step}`, class: "axis" }));
    const of = rows.length < count ? `, les ${rows.length} premières lignes` : "";
    const sentence = `Barres : ${title} par ${label.name}${of}, ${between(known, measure)}.`;
    return drawn(sentence, `${title}, par ${label.name}${of}`, width, rows.length * step + 4, marks);
  }
  function lines(title, measure, time, by, rows) {
    const width = room(), height = 280, right = by.name ? Math.min(width * 0.35, 200) : 24, bottom = height - 24;
    const values = measure.values.filter((value) => value !== null), times = time.values.filter((value) => value !== null);
    const low = Math.min(0, ...values), high = Math.max(0, ...values), from = Math.min(...times), to = Math.max(...times);
    const x = (value) => 8 + (value - from) / (to - from) * (width - right - 16);
    const y = (value) => bottom - (value - low) / (high - low || 1) * (bottom - 24);
    const marks = [element("path", { d: `M8 ${y(0)}H${width - right}`, class: "axis" }), text(8, 14, written(high, measure), "s")];
    [from, to].forEach((value, i) => marks.push(text(x(value), height - 6, written(value, time), i ? "s m" : "s")));
    const names = [...new Set(by.values)], ends = [];
    names.forEach((name, order) => {
      const own = rows.filter((i) => by.values[i] === name).sort((one, other) => time.values[one] - time.values[other]);
      const dash = ["", "6 3", "2 3", "9 3 2 3", "1 4", "12 4"][order];
      let path = "", isOpen = false;
      own.forEach((i) => {
        const value = measure.values[i], cx = x(time.values[i]);
        if (value !== null) {
          path += `${isOpen ? "L" : "M"}${cx} ${y(value)}`;
          marks.push(element("circle", { cx, cy: y(value), r: 2.5, class: "own" }));
        }
        isOpen = value !== null;
      });
      marks.push(element("path", { d: path || "M0 0", class: "stroke is-good", "stroke-dasharray": dash }));
      const last = own.filter((i) => measure.values[i] !== null).pop();
      if (last !== undefined && by.name) { ends.push({ at: y(measure.values[last]), name: name ?? "—" }); }
    });
    ends.sort((one, other) => one.at - other.at).forEach((end, i) => {
      end.at = Math.max(end.at, i ? ends[i - 1].at + 16 : 20);
      marks.push(text(width - right + 4, end.at + 4, cut(end.name, right / LETTER)));
    });
    const each = by.name ? `, par ${by.name}` : "";
    const sentence = `Courbe : ${title} ${between(times, time)}${each}, ${between(values, measure)}.`;
    return drawn(sentence, `${title}${each}`, width, Math.max(height, ...ends.map((end) => end.at + 10)), marks);
  }

  // The message on an error: its kind, then DuckDB's own words.
  const quoted = (name) => `«\u00a0${name}\u00a0»`;
  const TOLD = [
    [/Parser Error[^]*?near "([^"]*)"/, (near) => `Ce n'est pas du SQL que DuckDB comprend, près de ${quoted(near)}.`],
    [/Table with name (\S+) does not exist/,
      (name) => `${quoted(name)} n'est pas dans le fichier de cette page, qui a les vues les plus utiles ; les autres sont dans leviers.duckdb. Une vue s'écrit vues.nom.`],
    [/Table Function with name (\S+) does not exist/,
      (name) => `${quoted(name)} est dans le fichier entier, leviers.duckdb, et pas dans celui de cette page.`],
    [/Referenced column "([^"]*)"/, (name) => `Aucune colonne ${quoted(name)} dans ce que la requête lit.`],
    [/^several statements$/, () => "Une seule requête à la fois."],
    [/ in the (\S+) extension/, (name) => `Cela vient de l'extension ${name}, et cette page n'en charge aucune.`],
    [/HTTP|Couldn't load|404/,
      () => "Le serveur ne donne pas le fichier : une autre édition est peut-être publiée. Rechargez la page."],
    [/Permission Error|read-only|has been locked/,
      () => "Cette page lit le fichier de l'édition, et rien d'autre ; elle n'écrit pas."],
    [/Out of Memory/i, () => "La requête veut plus de mémoire que le navigateur n'en donne."],
    [/WebAssembly|DecompressionStream/, () => "Ce navigateur est trop ancien pour DuckDB."],
    [/$/, () => "La requête n'a pas de réponse."],
  ];
  function refused(error) {
    const words = String(error.message || error), [found, say] = TOLD.find(([pattern]) => pattern.test(words));
    const own = element("pre", { lang: "en", tabindex: "0" }, words);
    answer.replaceChildren(element("p", { class: "is-wrong" }, say(words.match(found)[1])), own);
    state.textContent = edition;
  }

  async function isSeveral(database, sql) {
    const { offsets, types } = await database.tokenize(sql), bytes = new TextEncoder().encode(sql), COMMENT = 5;
    const first = offsets.findIndex((at) => bytes[at] === 59);  // a semicolon that is no part of a text
    return first >= 0 && offsets.slice(first).some((at, i) => bytes[at] !== 59 && types[first + i] !== COMMENT);
  }
  const begin = () => engine || (engine = started());
  async function ask() {
    const asked = begin();
    table = null;
    run.disabled = true;
    stop.hidden = false;
    csv.hidden = true;
    answer.replaceChildren();
    state.textContent = "Chargement de DuckDB…";
    try {
      const { database, connection } = await asked;
      if (engine !== asked) { return; }
      state.textContent = "Calcul…";
      if (await isSeveral(database, editor.value)) { throw new Error("several statements"); }
      const found = await connection.query(editor.value);
      if (engine !== asked) { return; }
      const columns = found.schema.fields.map((field, i) => column(field, found.getChildAt(i)));
      table = { columns, count: found.numRows };
      const more = table.count > SHOWN ? `, dont les ${SHOWN} premières ici` : "";
      state.textContent = `${counted(table.count, "ligne", "lignes")}${more} ; ${edition}.`;
      const picture = chart(columns, table.count);
      answer.replaceChildren(...(picture ? [picture] : []), shown(columns, table.count));
      csv.hidden = false;
    } catch (error) {
      if (engine !== asked) { return; }
      if (!edition) { engine = null; }
      refused(error);
    } finally {
      if (engine === asked || !engine) {
        run.disabled = false;
        stop.hidden = true;
      }
    }
  }
  function giveUp() {
    const asked = engine;
    engine = null;
    edition = "";
    state.textContent = "Arrêté.";
    run.disabled = false;
    stop.hidden = true;
    asked.then(({ database }) => database.terminate(), () => {});
  }
  function save() {
    const lines = [table.columns.map((one) => one.name).join(";")];
    for (let i = 0; i < table.count; i++) {
      lines.push(table.columns.map((one) => cell(one.values[i], one)).join(";"));
    }
    const file = new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv" });
    const link = element("a", { href: URL.createObjectURL(file), download: "reponse.csv" });
    link.click();
    URL.revokeObjectURL(link.href);
  }
  // The question that the address names; at first, if it names none, the first one.
  function choose() {
    const links = Array.from(book.querySelectorAll("[data-sql]"));
    const link = links.find((one) => one.hash === location.hash) || (editor.value ? null : links[0]);
    if (!link) { return; }
    links.forEach((one) => one.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    editor.value = link.dataset.sql.trim();
    book.open = isWide();
  }

  if (location.protocol === "file:") { run.disabled = true; return choose(); }
  document.getElementById("avis").hidden = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(run); }
  });
  document.querySelector(".asking").addEventListener("focusin", () => { begin().catch(() => {}); }, { once: true });
  stop.addEventListener("click", giveUp);
  csv.addEventListener("click", save);
  window.addEventListener("hashchange", choose);
  choose();
})();
