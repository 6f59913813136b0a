"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const find = (id) => document.getElementById(id);
  /** More rows at once make a page slow. */
  const MOST_ROWS = 400;
  const LEAST_SCALE = 0.6;
  /** The side of a matrix that is not scrolled, and the sides of its cells, in pixels. */
  const MATRIX = 1100;
  const CELL = { least: 4, most: 16, labelled: 9 };

  let view = null;
  /** What is chosen in the view: nothing, `{ node }` or `{ link }`. */
  let choice = null;
  let sorting = { column: null, isDown: false };
  let isShort = true;
  let isDrawn = false;

  // Elements. Text is always set as text, never read as markup.

  function element(name, attributes = {}, ...children) {
    return fill(document.createElement(name), attributes, children);
  }

  function drawn(name, attributes = {}, ...children) {
    return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
  }

  function fill(made, attributes, children) {
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  function counted(count, word) {
    return `${count} ${word}${count === 1 ? "" : "s"}`;
  }

  function classes(...names) {
    return names.filter(Boolean).join(" ");
  }

  /** Makes an element do something when it is clicked, or Enter or Space is pressed on it. */
  function onUse(made, act) {
    made.addEventListener("click", act);
    made.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act();
    });
    return made;
  }

  // The list of what can be chosen.

  function importsOf(it) {
    return it.links.reduce((sum, link) => sum + link.count, 0);
  }

  function titleOf(it) {
    if (it.kind === "all") return `All ${it.unit}s`;
    return `${counted(it.nodes.length, it.unit)}`;
  }

  function list() {
    const buttons = data.views.map((it, at) => {
      const button = element("button", { type: "button" });
      const fails = it.failures.length;
      const count = `${counted(it.nodes.length, it.unit)}, ${counted(importsOf(it), "import")}`;
      button.append(element("b", {}, it.kind === "all" ? titleOf(it) : `${at + 1}. ${titleOf(it)}`));
      button.append(element("small", { title: preview(it, it.nodes.length) }, it.kind === "all" ? count : preview(it, 3)));
      if (fails && it.kind !== "all") {
        const text = fails === 1 ? "1 entry fails" : `${fails} entries fail`;
        button.append(element("small", { class: "fails" }, text));
      }
      button.addEventListener("click", () => { location.hash = `#${at}`; });
      return button;
    });
    find("views").append(...buttons);
    find("views").addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = buttons.indexOf(document.activeElement);
      if (!step || at < 0) return;
      event.preventDefault();
      buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)].focus();
    });
    if (!data.views.length) find("views").append(element("p", {}, "There is nothing to show."));
  }

  function preview(it, most) {
    const names = it.nodes.slice(0, most).map((node) => node.short);
    return names.join(", ") + (it.nodes.length > most ? ", …" : "");
  }

  function summarize() {
    const groups = data.views.filter((it) => it.kind !== "all");
    const parts = [groups.length
      ? `${counted(groups.length, "group")} of ${data.unit}s that import one another`
      : "no cycle"];
    const { lazy, typing } = data.left_out;
    if (lazy) parts.push(`${lazy} lazy left out`);
    if (typing) parts.push(`${typing} typing left out`);
    document.title = data.title;
    find("title").textContent = data.title;
    find("summary").textContent = parts.join(" · ");
  }

  // A view.

  function choose(at) {
    view = data.views[at];
    choice = null;
    isShort = true;
    sorting = { column: null, isDown: false };
    find("find").value = "";
    for (const [it, button] of [...find("views").querySelectorAll("button")].entries()) {
      button.setAttribute("aria-current", String(it === at));
    }
    find("name").textContent = titleOf(view);
    find("about").textContent = about();
    find("failures").replaceChildren(...alike(view.failures).map(failure));
    isDrawn = Boolean(view.layout) && !view.dense;
    columns();
    draw();
  }

  /** Shows the view as a drawing in layers or as a matrix. */
  function draw() {
    find("drawing").replaceChildren(isDrawn ? drawing() : matrix());
    find("other").hidden = !view.layout;
    find("other").textContent = isDrawn ? "Show as a matrix" : "Show as a drawing";
    fit();
    legend();
    refresh();
  }

  function about() {
    const parts = [`${counted(view.nodes.length, view.unit)}, ${counted(importsOf(view), "import")}`];
    const back = view.links.filter((link) => link.back);
    if (back.length) {
      const cost = back.reduce((sum, link) => sum + link.cost, 0);
      parts.push(`without ${counted(back.length, "link")} marked ↩ there is no cycle (cost ${cost})`);
    }
    if (!view.executed) parts.push("not while they are imported: only through lazy or typing imports");
    return parts.join("; ");
  }

  /** Entries that fail at the same place with the same words are one. */
  function alike(failures) {
    const groups = new Map();
    for (const it of failures) {
      const key = `${it.filename}:${it.row} ${it.exception} ${it.cured_by_cut}`;
      groups.set(key, [...(groups.get(key) || []), it]);
    }
    return [...groups.values()];
  }

  function failure(group) {
    const [{ filename, row, exception, cured_by_cut: isCured }] = group;
    const named = (isScript) => group.filter((it) => it.script === isScript).map((it) => it.module);
    const [modules, scripts] = [named(false), named(true)];
    const hasCut = view.links.some((link) => link.cut);
    const entries = [];
    if (modules.length) entries.push(`importing ${listed(modules)} first`);
    if (scripts.length) entries.push(`running ${listed(scripts)} as a script`);
    return element("li", {}, `${entries.join(" or ")} fails at ${filename}:${row}${hasCut && !isCured ? ", with the cut, too" : ""}`, element("code", {}, exception));
  }

  function listed(words) {
    const all = words.length > 6 ? [...words.slice(0, 5), `${words.length - 5} more`] : words;
    return all.length === 1 ? all[0] : `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
  }

  /** A drawing that is somewhat too wide is made smaller; more would be too small to read. */
  function fit() {
    const svg = find("drawing").querySelector("svg");
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const scale = isDrawn ? Math.max(LEAST_SCALE, Math.min(1, find("drawing").clientWidth / width)) : 1;
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
  }

  // The drawing in layers.

  function drawing() {
    const { width, height } = view.layout;
    const label = `${titleOf(view)}: who imports stands above what is imported`;
    const svg = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label });
    svg.append(arrows());
    view.layout.edges.forEach((points, at) => {
      const link = view.links[at];
      const line = path(points);
      const name = mark(link);
      const edge = drawn("path", { class: classes("edge", link.kind, name), d: line, "marker-end": `url(#arrow-${name || "plain"})`, "data-link": at });
      const hit = drawn("path", { class: "hit", d: line }, drawn("title", {}, describe(link)));
      hit.addEventListener("click", () => pick({ link: at }));
      svg.append(edge, hit);
    });
    view.layout.nodes.forEach(([x, y, wide], at) => {
      const node = view.nodes[at];
      const high = data.node_height;
      const group = drawn("g", {
        class: classes("node", node.fails && "fails", !node.named && "other"), tabindex: 0, role: "button", "data-node": at,
        "aria-label": node.name + (node.fails ? ", fails if it comes first" : ""),
      });
      group.append(
        drawn("title", {}, node.name),
        drawn("rect", { x: x - wide / 2, y: y - high / 2, width: wide, height: high, rx: 6 }),
        drawn("text", { x, y, textLength: wide - 18, lengthAdjust: "spacingAndGlyphs" }, node.short),
      );
      svg.append(onUse(group, () => pick({ node: at })));
    });
    return svg;
  }

  function arrows() {
    const head = (name) => drawn("marker", {
      id: `arrow-${name}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8,
      markerUnits: "userSpaceOnUse", orient: "auto",
    }, drawn("path", { class: classes("arrow", name), d: "M0 0 L8 4 L0 8 Z" }));
    return drawn("defs", {}, head("plain"), head("back"), head("cut"));
  }

  /** A smooth line through points of layers: it leaves and enters each upright. */
  function path([[x, y], ...rest]) {
    let line = `M${x} ${y}`;
    for (const [nextX, nextY] of rest) {
      const middle = (y + nextY) / 2;
      line += ` C${x} ${middle} ${nextX} ${middle} ${nextX} ${nextY}`;
      [x, y] = [nextX, nextY];
    }
    return line;
  }

  function mark(link) {
    return link.cut ? "cut" : link.back ? "back" : "";
  }

  function describe(link) {
    const [from, to] = [view.nodes[link.from].name, view.nodes[link.to].name];
    const lines = link.imports.slice(0, 8).map((it) => `${it.filename}:${it.row}  ${names(it)}`);
    if (link.count > lines.length) lines.push(`and ${link.count - lines.length} more`);
    return `${from} imports ${to}\n${lines.join("\n")}`;
  }

  function names(it) {
    if (it.on_the_way) return "(on the way)";
    return it.names.length ? it.names.join(", ") : "the module";
  }

  // The matrix: rows import columns.

  function matrix() {
    const count = view.nodes.length;
    const cell = Math.max(CELL.least, Math.min(CELL.most, Math.floor(MATRIX / count)));
    const isLabelled = cell >= CELL.labelled;
    const longest = Math.max(...view.nodes.map((node) => node.short.length));
    const left = isLabelled ? longest * 7.3 + 12 : 8;
    const top = isLabelled ? longest * 7.3 * 0.72 + 14 : 8;
    const side = count * cell;
    const [width, height] = [left + side + (isLabelled ? top : 8), top + side + 8];
    const svg = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `${titleOf(view)}: each row imports the columns that are marked in it` });
    for (let at = 0; isLabelled && at <= count; at += 1) {
      const [x, y] = [left + at * cell, top + at * cell];
      svg.append(drawn("line", { class: "grid", x1: x, y1: top, x2: x, y2: top + side }));
      svg.append(drawn("line", { class: "grid", x1: left, y1: y, x2: left + side, y2: y }));
    }
    if (!isLabelled) {
      svg.append(drawn("rect", { class: "grid", fill: "none", x: left, y: top, width: side, height: side }));
    }
    for (let at = 0; at < count; at += 1) {
      const [x, y] = [left + at * cell, top + at * cell];
      svg.append(drawn("rect", { class: "diagonal", x, y, width: cell, height: cell }));
      if (isLabelled) svg.append(rowLabel(at, left - 5, y + cell / 2), columnLabel(at, x + cell / 2, top - 5));
    }
    view.links.forEach((link, at) => {
      const inset = cell > 6 ? 1 : 0;
      const box = drawn("rect", {
        class: classes("cell", link.kind, mark(link)), "data-link": at,
        x: left + link.to * cell + inset, y: top + link.from * cell + inset,
        width: cell - 2 * inset, height: cell - 2 * inset,
      }, drawn("title", {}, describe(link)));
      box.addEventListener("click", () => pick({ link: at }));
      svg.append(box);
    });
    return svg;
  }

  function rowLabel(at, x, y) {
    const node = view.nodes[at];
    const label = drawn("text", {
      class: classes("label", "row", node.fails && "fails"), x, y, tabindex: 0, role: "button",
      "aria-label": node.name, "data-node": at,
    }, node.short);
    label.append(drawn("title", {}, node.name));
    return onUse(label, () => pick({ node: at }));
  }

  function columnLabel(at, x, y) {
    const node = view.nodes[at];
    const label = drawn("text", {
      class: classes("label", "column", node.fails && "fails"), "data-node": at, "aria-hidden": "true",
      transform: `translate(${x} ${y}) rotate(-45)`,
    }, node.short);
    label.append(drawn("title", {}, node.name));
    label.addEventListener("click", () => pick({ node: at }));
    return label;
  }

  function legend() {
    const has = (test) => view.links.some(test);
    const line = (name, text) => element("span", {}, drawn("svg", { width: 30, height: 10 },
      drawn("path", { class: classes("edge", name), d: "M1 5 H29" })), text);
    const box = (name, text) => element("span", {}, drawn("svg", { width: 14, height: 12 },
      drawn("rect", { class: classes("cell", name), width: 12, height: 12 })), text);
    const kinds = [
      ["run-time", "runs when the module is imported"],
      ["lazy", "runs later"],
      ["typing", "only for type checkers"],
    ].filter(([name]) => has((link) => link.kind === name));
    const marks = [];
    if (has((link) => link.back)) marks.push(["back", "↩ leads back: without these there is no cycle"]);
    if (has((link) => link.cut)) marks.push(["cut", "✂ without it, nothing of its cycle fails"]);
    const entry = isDrawn ? line : box;
    const entries = [...kinds, ...marks].map(([name, text]) => entry(name, text));
    if (!isDrawn) entries.unshift(element("span", {}, "Rows import columns."));
    if (view.nodes.some((node) => !node.named)) entries.push(element("span", {}, "dashed: in a file that was not named"));
    if (view.nodes.some((node) => node.fails)) entries.push(element("span", {}, "red names: it fails if it is imported first"));
    find("legend").replaceChildren(...entries);
  }

  // Choosing a node or a link.

  function pick(wanted) {
    const isSame = choice && choice.node === wanted.node && choice.link === wanted.link;
    choice = isSame ? null : wanted;
    isShort = true;
    refresh();
  }

  function isChosen(link, at) {
    if (!choice) return false;
    return choice.link === at || choice.node === link.from || choice.node === link.to;
  }

  function refresh() {
    const near = new Set();
    view.links.forEach((link, at) => {
      if (isChosen(link, at)) near.add(link.from).add(link.to);
    });
    for (const made of find("drawing").querySelectorAll("[data-link]")) {
      const at = Number(made.dataset.link);
      made.classList.toggle("is-chosen", isChosen(view.links[at], at));
    }
    for (const made of find("drawing").querySelectorAll("[data-node]")) {
      const at = Number(made.dataset.node);
      made.classList.toggle("is-chosen", Boolean(choice) && choice.node === at);
      made.classList.toggle("is-near", near.has(at));
      if (made.hasAttribute("tabindex")) made.setAttribute("aria-pressed", String(Boolean(choice) && choice.node === at));
    }
    find("drawing").classList.toggle("has-choice", Boolean(choice));
    find("clear").hidden = !choice;
    table();
  }

  // The table of imports.

  const COLUMNS = [
    { name: "Who imports", value: (row) => row.from, class: "code" },
    { name: "what", value: (row) => row.to, class: "code" },
    { name: "where", value: (row) => row.place, compare: byPlace, class: "code" },
    { name: "which names", value: (row) => row.names, class: "code names" },
    { name: "when", value: (row) => row.kind, class: "when" },
    { name: "cost", value: (row) => row.cost, compare: (a, b) => a.cost - b.cost, class: "number" },
    { name: "cut", value: (row) => row.mark, class: "mark" },
  ];

  function byPlace(a, b) {
    return compareText(a.filename, b.filename) || a.row - b.row;
  }

  function compareText(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  function columns() {
    find("columns").replaceChildren(...COLUMNS.map((column) => {
      const button = element("button", { type: "button" }, column.name);
      button.addEventListener("click", () => {
        sorting = { column, isDown: sorting.column === column && !sorting.isDown };
        table();
      });
      return element("th", { scope: "col" }, button);
    }));
  }

  function rows() {
    const words = find("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    view.links.forEach((link, at) => {
      if (choice && !isChosen(link, at)) return;
      for (const it of link.imports) {
        const row = {
          from: it.from, to: it.to, filename: it.filename, row: it.row, place: `${it.filename}:${it.row}`,
          names: names(it), cost: it.cost, kind: when(it), cut: it.cut, back: link.back,
          mark: classes(it.cut && "✂ cut here", link.back && "↩"),
        };
        const text = `${row.from} ${row.to} ${row.place} ${row.names} ${row.kind} ${row.mark}`.toLowerCase();
        if (words.every((word) => text.includes(word))) found.push(row);
      }
    });
    if (sorting.column) {
      const { column, isDown } = sorting;
      const compare = column.compare || ((a, b) => compareText(column.value(a), column.value(b)));
      found.sort((a, b) => (isDown ? -1 : 1) * compare(a, b));
    }
    return found;
  }

  function when(it) {
    return [it.kind, it.conditional && "on a condition", it.guarded && "in a try", it.ignored && "ignored"].filter(Boolean).join(", ");
  }

  function table() {
    const found = rows();
    const shown = isShort ? found.slice(0, MOST_ROWS) : found;
    find("imports").replaceChildren(...shown.map((row) => element("tr", { class: classes(row.cut && "cut", row.back && "back") },
      ...COLUMNS.map((column) => element("td", { class: column.class || null }, ...breakable(String(column.value(row))))))));
    [...find("columns").children].forEach((header, at) => {
      const isSorted = COLUMNS[at] === sorting.column;
      if (isSorted) header.setAttribute("aria-sort", sorting.isDown ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    });
    find("shown").textContent = counted(found.length, "import") + aboutChoice() + notListed();
    find("more").hidden = shown.length === found.length;
    find("more").textContent = `Show all ${found.length}`;
  }

  /** A text that may go on in the next line behind dots and slashes. */
  function breakable(text) {
    return text.split(/(?<=[./])/).flatMap((part, at) => (at ? [element("wbr"), part] : [part]));
  }

  function aboutChoice() {
    if (!choice) return "";
    if (choice.node !== undefined) return ` from or to ${view.nodes[choice.node].name}`;
    const link = view.links[choice.link];
    return ` of ${view.nodes[link.to].name} by ${view.nodes[link.from].name}`;
  }

  function notListed() {
    const missing = view.links.filter((link, at) => link.count > link.imports.length && (!choice || isChosen(link, at)));
    return missing.length ? `; not all are listed between ${counted(missing.length, "pair")}` : "";
  }

  // The beginning.

  function follow() {
    const wanted = Number(location.hash.slice(1));
    choose(data.views[wanted] ? wanted : 0);
  }

  summarize();
  list();
  find("find").addEventListener("input", () => { isShort = true; table(); });
  find("other").addEventListener("click", () => { isDrawn = !isDrawn; draw(); });
  find("clear").addEventListener("click", () => { choice = null; refresh(); });
  find("more").addEventListener("click", () => { isShort = false; table(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && choice) { choice = null; refresh(); }
  });
  addEventListener("hashchange", () => { if (data.views.length) follow(); });
  addEventListener("resize", () => { if (view) fit(); });
  if (data.views.length) follow();
  else document.querySelector("main").hidden = true;
})();
