"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const STATES = ["met", "partial", "missing", "unknown", "denied", "likely"];
  const STATES_RU = ["есть", "частично", "нет", "неизвестно", "кандидат пишет, что нет", "вероятно есть"];
  const MOST_SECTIONS = 25, MOST_CHIPS = 7, ALL = "";
  const number = (value, digits = 3) => value.toFixed(digits).replace(".", ",").replace("-", "−");
  const percent = (value) => Math.round(value * 100) + " %";

  // every text goes in as text: nothing of the data is ever read as markup
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value);
    for (const child of children) if (child !== null) element.append(child);
    return element;
  }

  const pairs = data.pairs.map((p, index) => ({
    index, vacancy: p[0], candidate: p[1], rank: p[2], score: p[3], known: p[4], told: p[5].map((i) => data.strings[i]),
    lines: p[6].map((x) => ({ criterion: x[0], label: data.strings[x[1]], state: x[2], units: x[3], sentence: (x[5] ? "" : data.strings[x[1]]) + data.strings[x[4]] })),
    rest: p[7],
  }));
  for (const p of pairs) {
    const named = p.lines.filter((x) => data.named.includes(x.criterion));
    p.chips = STATES.map((_, state) => named.filter((x) => x.state === state).map((x) => x.label));
    p.missing = [...p.chips[2], ...p.chips[4]];
  }

  const sides = {
    vacancy: { own: "vacancy", other: "candidate", name: "Вакансия", rows: data.vacancies, tab: "По вакансиям" },
    candidate: { own: "candidate", other: "vacancy", name: "Кандидат", rows: data.candidates, tab: "По кандидатам" },
  };
  const tabs = [["vacancy", sides.vacancy.tab], ["candidate", sides.candidate.tab]];
  if (data.seats) tabs.push(["seats", "Места"]);
  const ORDERS = [["score", "по оценке"], ["known", "по доле известного"], ["missing", "меньше недостающего"], ["id", "по номеру"]];
  let view = "vacancy", shown = MOST_SECTIONS;
  const opened = new Set();

  // ---------------------------------------------------------------- filters

  function options(select, rows, first) {
    select.replaceChildren(make("option", { value: ALL }, first), ...rows.map(([value, text]) => make("option", { value }, text)));
  }
  function counted(values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value, n]) => [value, `${value} (${n})`]);
  }
  function fillFilters() {
    const side = sides[view];
    if (side) {
      $("one-label").textContent = side.name;
      options($("one"), side.rows.map((row, i) => [String(i), title(row)]), "все");
    }
    options($("status"), counted(data.candidates.map((c) => c.status).filter(Boolean)), "любой");
    options($("institution"), counted(data.candidates.flatMap((c) => c.institutions)), "любое");
    options($("missing"), counted(pairs.flatMap((p) => p.missing)).slice(0, 300), "всё равно чего");
    $("order").replaceChildren(...ORDERS.map(([value, text]) => make("option", { value }, text)));
  }
  const title = (row) => (row.title && row.title !== row.id ? `${row.id} · ${row.title}` : row.id);

  // a list whose own head is sought comes before those where only somebody in the list is
  const isSought = (row) => { const text = $("search").value.trim().toLowerCase(); return Boolean(text) && title(row).toLowerCase().includes(text); };

  function matching() {
    const search = $("search").value.trim().toLowerCase(), one = $("one").value, least = Number($("least").value);
    const status = $("status").value, institution = $("institution").value, missing = $("missing").value;
    return pairs.filter((p) => {
      const c = data.candidates[p.candidate], v = data.vacancies[p.vacancy];
      return p.score >= least && (one === ALL || p[view] === Number(one)) && (status === ALL || c.status === status)
        && (institution === ALL || c.institutions.includes(institution)) && (missing === ALL || p.missing.includes(missing))
        && (!search || `${c.id} ${c.title} ${v.id} ${v.title} ${v.company}`.toLowerCase().includes(search));
    });
  }
  function sorted(rows) {
    const by = $("order").value, other = sides[view].other, names = sides[other].rows;
    const value = { score: (p) => -p.score, known: (p) => -p.known, missing: (p) => p.missing.length, id: () => 0 }[by];
    const ids = (p) => names[p[other]].id;
    return rows.sort((a, b) => value(a) - value(b) || (by === "score" && view === "vacancy" ? a.rank - b.rank : 0) || (ids(a) < ids(b) ? -1 : 1));
  }

  // ---------------------------------------------------------------- one pair

  function chips(p) {
    const list = make("ul", { class: "chips" });
    for (const state of [0, 5, 1, 2, 4, 3]) {
      const labels = p.chips[state];
      for (const label of labels.slice(0, MOST_CHIPS))
        list.append(make("li", { class: STATES[state] }, make("span", { class: "hide" }, STATES_RU[state] + ": "), label));
      if (labels.length > MOST_CHIPS) list.append(make("li", { class: "rest" }, `${STATES_RU[state]}: ещё ${labels.length - MOST_CHIPS}`));
    }
    return list;
  }
  function waterfall(p) {
    const sums = new Map();
    for (const x of p.lines) sums.set(x.criterion, (sums.get(x.criterion) || 0) + x.units);
    const terms = [...sums, ...p.rest.map(([criterion, units]) => [criterion, units])].filter(([, units]) => units);
    const body = make("tbody"), whole = Math.max(1, ...terms.map((_, i) => terms.slice(0, i + 1).reduce((s, t) => s + t[1], 0)));
    let end = 0;
    const row = (name, from, units, kind) => {
      const bar = make("span", { class: units < 0 ? "less" : "" });
      bar.style.marginLeft = (100 * Math.min(from, from + units)) / whole + "%";
      bar.style.width = (100 * Math.abs(units)) / whole + "%";
      body.append(make("tr", { class: kind }, make("th", { scope: "row" }, name), make("td", { class: "bar", "aria-hidden": "true" }, bar), make("td", { class: "number" }, number(units / 1000))));
    };
    for (const [criterion, units] of terms) { row(data.criteria[criterion], end, units, null); end += units; }
    row("Оценка", 0, end, "sum");
    return make("table", { class: "fall" }, make("caption", {}, make("span", { class: "hide" }, "Вклады в оценку")), body);
  }
  function details(p) {
    const cell = make("td", { colspan: 5 }, make("h3", {}, "Из чего сложилась оценка"), waterfall(p));
    const body = make("tbody");
    p.lines.forEach((x, i) => {
      const first = i === 0 || p.lines[i - 1].criterion !== x.criterion;
      const name = first ? make("th", { scope: "rowgroup", rowspan: p.lines.filter((y) => y.criterion === x.criterion).length }, data.criteria[x.criterion]) : null;
      body.append(make("tr", { class: first ? "first" : null }, name, make("td", { class: "number" }, number(x.units / 1000)), make("td", {}, x.sentence)));
    });
    cell.append(make("h3", {}, "Почему"), make("table", { class: "lines" }, make("caption", {}, make("span", { class: "hide" }, "Вклад каждого требования и объяснение")), body));
    for (const line of p.told) cell.append(make("p", {}, line));
    cell.append(make("p", { class: "decision" }, "Решение: ______________________   Кто решил: ______________________   Замечание: ______________________"));
    return make("tr", { class: "why", id: `why-${p.index}` }, cell);
  }
  function pairRow(p) {
    const other = sides[view].other, row = sides[other].rows[p[other]];
    const button = make("button", { type: "button", "aria-expanded": String(opened.has(p.index)), "aria-controls": `why-${p.index}` }, row.id);
    const bar = make("span");
    bar.style.width = percent(p.score).replace(" ", "");
    const tr = make("tr", {},
      make("td", { class: "number", "data-name": "Место" }, String(p.rank)),
      make("td", { class: "who" }, button, make("small", {}, row.title || ""), make("small", { class: "meta" }, row.meta)),
      make("td", { class: "score", "data-name": "Оценка" }, number(p.score), make("span", { class: "track", "aria-hidden": "true" }, bar)),
      make("td", { class: "number", "data-name": "Известно" }, percent(p.known)), make("td", {}, chips(p)));
    button.addEventListener("click", () => {
      const open = !opened.has(p.index);
      if (open) { opened.add(p.index); tr.after(details(p)); } else { opened.delete(p.index); $(`why-${p.index}`).remove(); }
      button.setAttribute("aria-expanded", String(open));
    });
    return opened.has(p.index) ? [tr, details(p)] : [tr];
  }
  const head = (...names) => make("thead", {}, make("tr", {}, ...names.map(([name, kind]) => make("th", { scope: "col", class: kind || null }, name))));

  // ---------------------------------------------------------------- lists

  function sections(rows) {
    const side = sides[view], lists = new Map();
    for (const p of rows) lists.set(p[side.own], [...(lists.get(p[side.own]) || []), p]);
    return [...lists].sort((a, b) => isSought(side.rows[b[0]]) - isSought(side.rows[a[0]]) || a[0] - b[0]).map(([own, list]) => {
      const row = side.rows[own];
      const table = make("table", { class: "pairs" }, make("caption", {}, make("span", { class: "hide" }, title(row))),
        head(["Место", "number"], [sides[side.other].name], ["Оценка"], ["Известно", "number"], ["Есть и не хватает"]),
        make("tbody", {}, ...sorted(list).flatMap(pairRow)));
      return make("article", {}, make("header", {}, make("h2", {}, title(row)), make("p", { class: "meta" }, row.meta)), table);
    });
  }
  function seatSections() {
    return data.seats.map(({ head: name, told, columns, rows }) => make("article", {},
      make("header", {}, make("h2", {}, name), make("p", { class: "meta" }, told)),
      make("table", { class: "seats" }, head(...columns.map((c) => [c])), make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((cell, i) => make("td", { "data-name": columns[i] }, cell))))))));
  }
  function draw(all = false) {
    $("filters").hidden = view === "seats";
    if (view === "seats") {
      $("list").replaceChildren(...seatSections());
      $("count").textContent = "";
      $("more").hidden = true;
      return;
    }
    $("least-shown").textContent = number(Number($("least").value), 2);
    const rows = matching(), own = new Set(rows.map((p) => p[view]));
    const order = [...own].sort((a, b) => isSought(sides[view].rows[b]) - isSought(sides[view].rows[a]) || a - b).slice(0, all ? undefined : shown), kept = new Set(order);
    $("list").replaceChildren(...sections(rows.filter((p) => kept.has(p[view]))));
    $("count").textContent = rows.length ? `Пар: ${rows.length} из ${pairs.length}; ${view === "vacancy" ? "вакансий" : "кандидатов"}: ${own.size}` : "Ничего не найдено: ослабьте отбор.";
    $("more").hidden = all || own.size <= shown;
  }
  function choose(name, focus) {
    view = name;
    shown = MOST_SECTIONS;
    for (const tab of $("tabs").children) {
      const mine = tab.dataset.view === name;
      tab.setAttribute("aria-selected", String(mine));
      tab.tabIndex = mine ? 0 : -1;
      if (mine && focus) tab.focus();
    }
    const kept = ["status", "institution", "missing", "order"].map((id) => [id, $(id).value]);
    fillFilters();
    for (const [id, value] of kept) if (value) $(id).value = value;
    draw();
  }

  // ---------------------------------------------------------------- out

  // a spreadsheet reads a cell that begins so as a formula
  const cell = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? "'" + text : text).replaceAll('"', '""')}"`;
  function csv() {
    const lines = [["вакансия", "название", "кандидат", "желаемая должность", "место", "оценка", "известно", "чего не хватает"]];
    for (const p of matching()) {
      const v = data.vacancies[p.vacancy], c = data.candidates[p.candidate];
      lines.push([v.id, v.title, c.id, c.title, String(p.rank), number(p.score), number(p.known, 2), p.missing.join("; ")]);
    }
    return "\ufeff" + lines.map((line) => line.map(cell).join(";")).join("\r\n");
  }
  function save() {
    const link = make("a", { href: URL.createObjectURL(new Blob([csv()], { type: "text/csv" })), download: "pairs.csv" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  for (const [name, text] of tabs) {
    const tab = make("button", { type: "button", role: "tab", "data-view": name, "aria-controls": "list" }, text);
    tab.addEventListener("click", () => choose(name));
    $("tabs").append(tab);
  }
  $("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) choose(tabs[(tabs.findIndex(([name]) => name === view) + step + tabs.length) % tabs.length][0], true);
  });
  $("filters").addEventListener("input", () => { shown = MOST_SECTIONS; draw(); });
  $("filters").addEventListener("reset", () => setTimeout(() => { shown = MOST_SECTIONS; draw(); }));
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("more").addEventListener("click", () => { shown += MOST_SECTIONS; draw(); });
  $("open").addEventListener("click", () => { for (const p of matching()) opened.add(p.index); draw(); });
  $("print").addEventListener("click", () => window.print());
  $("save").addEventListener("click", save);
  window.addEventListener("beforeprint", () => draw(true));
  window.addEventListener("afterprint", () => draw());
  $("app").hidden = false;
  choose("vacancy");
})();
