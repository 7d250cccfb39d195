// How the grid is drawn: only the lines in sight are there, and the one with the focus, which is
// never made into another line. So focus, roles and places are true wherever one scrolls.
import { unknownTold, whyNot } from "./measure.js";
import {
  adjustedOf,
  BESIDE,
  consensusOf,
  deviationOf,
  figureOf,
  isFarOff,
  totalOf,
  unknownIn,
} from "./model.js";
import { write, writeMoney } from "./numbers.js";

const HEIGHT = 32; // pixels a line, as forecast.css has it
const SPARE = 6; // lines either side of what is in sight

export function viewOf(scroll, grid) {
  const lines = new Map(); // elements by the number of their line
  let shown = { model: null, lines: [] };
  let head = null;
  let body = null;
  let widest = 0; // characters: a figure that is cut is another figure
  let active = { line: 0, column: 0 };
  let range = { first: 0, last: 0, left: 0, right: 0 };

  function begin(model) {
    shown = { model, lines: [] };
    grid.replaceChildren();
    grid.setAttribute("aria-colcount", model.months.length + 2);
    head = element("div", "forecast-head", "row");
    head.setAttribute("aria-rowindex", 1);
    const titles = ["Row", ...model.months.map((month) => month.title), "Total"];
    titles.forEach((title, at) => {
      const cell = element("div", at === 0 ? "forecast-name" : "forecast-cell", "columnheader");
      cell.textContent = title;
      cell.setAttribute("aria-colindex", at + 1);
      head.append(cell);
    });
    body = element("div", "forecast-body", "rowgroup");
    grid.append(head, body);
    grid.style.setProperty("--columns", model.months.length + 1);
    widest = 0;
  }

  function show(next) {
    shown.lines = next;
    grid.setAttribute("aria-rowcount", next.length + 1);
    body.style.height = `${next.length * HEIGHT}px`;
    for (const line of lines.values()) line.remove();
    lines.clear();
    active.line = Math.min(active.line, next.length - 1);
    place();
  }

  // Draw what came into sight, and let go of what left it.
  function place() {
    const first = Math.max(0, Math.floor(scroll.scrollTop / HEIGHT) - SPARE);
    const count = Math.ceil(scroll.clientHeight / HEIGHT) + 2 * SPARE;
    const last = Math.min(shown.lines.length - 1, first + count);
    for (const [number, line] of lines)
      if ((number < first || number > last) && number !== active.line) {
        line.remove();
        lines.delete(number);
      }
    for (let number = first; number <= last; number += 1) ensure(number);
    ensure(active.line);
  }

  function ensure(number) {
    if (lines.has(number) || !shown.lines[number]) return lines.get(number);
    const line = element("div", "forecast-line", "row");
    line.dataset.line = number;
    line.setAttribute("aria-rowindex", number + 2);
    line.style.transform = `translateY(${number * HEIGHT}px)`;
    const name = element("div", "forecast-name", "rowheader");
    name.setAttribute("aria-colindex", 1);
    line.append(name);
    for (let column = 0; column <= shown.model.months.length; column += 1) {
      const cell = element("div", "forecast-cell", "gridcell");
      cell.dataset.column = column;
      cell.setAttribute("aria-colindex", column + 2);
      line.append(cell);
    }
    lines.set(number, line);
    const after = [...lines.keys()].filter((other) => other > number);
    body.insertBefore(line, after.length ? lines.get(Math.min(...after)) : null);
    fill(number);
    return line;
  }

  // Write all that is there anew; a cell in which somebody writes stays.
  function refresh() {
    for (const number of lines.keys()) fill(number);
  }

  function fill(number) {
    const line = shown.lines[number];
    const drawn = lines.get(number);
    drawn.className = `forecast-line is-${line.kind}`;
    nameOf(drawn.firstChild, line);
    for (const cell of [...drawn.children].slice(1)) {
      if (cell.querySelector("input")) continue;
      fillCell(cell, line, Number(cell.dataset.column), number);
    }
  }

  function fillCell(cell, line, column, number) {
    const told = cellTold(line, column);
    if (cell.dataset.text !== told.text) {
      cell.textContent = told.text;
      cell.dataset.text = told.text;
      makeRoom(told.text.length);
    }
    cell.className = `forecast-cell ${told.css}`;
    cell.setAttribute("aria-readonly", told.isFixed);
    if (told.says) cell.title = told.says;
    else cell.removeAttribute("title");
    mark(cell, number, column);
  }

  function makeRoom(characters) {
    if (characters <= widest) return;
    widest = characters;
    grid.style.setProperty("--figures", widest);
  }

  // Whether a cell is in the selection, and has the focus.
  function mark(cell, number, column) {
    const isIn =
      number >= range.first &&
      number <= range.last &&
      column >= range.left &&
      column <= range.right;
    cell.classList.toggle("is-chosen", isIn);
    cell.setAttribute("aria-selected", isIn);
    cell.tabIndex = number === active.line && column === active.column ? 0 : -1;
  }

  function cellTold(line, column) {
    const { model } = shown;
    const written = model.measure === "quantity" ? write : writeMoney;
    const value = written(figureOf(model, line, column));
    const unknown = unknownIn(model, line, column);
    const isMonth = column < model.months.length;
    if (line.kind === "row" && isMonth) return rowTold(line.row, column, unknown ? "?" : value);
    const isFixed = line.kind === "beside" || model.measure === "margin";
    if (unknown === 0) return { text: value, css: "", says: "", isFixed };
    const says = `Without ${unknown === 1 ? "1 row" : `${unknown} rows`} of which it is not known`;
    return { text: `${value} + ?`.trim(), css: "", says, isFixed };
  }

  function rowTold(row, month, value) {
    const { quantity, reason, comment, state } = row.cells[month];
    const off = deviationOf(row, month);
    const isFar = isFarOff(shown.model, row, month);
    const signs = [];
    const says = [];
    const css = [quantity === null ? "is-baseline" : "is-written"];
    if (isFar) {
      signs.push(off > 0 ? "▲" : "▼");
      says.push(off > 0 ? "Far over the baseline" : "Far under the baseline");
      css.push(off > 0 ? "is-over" : "is-under");
      if (!reason) {
        signs.push("!");
        says.push("A reason is missing");
      }
    }
    if (value === "?") says.push(unknownTold(shown.model.measure, row));
    if (adjustedOf(row, month).length > 0) {
      signs.push("◆");
      const units = shown.model.measure === "quantity" ? "" : ` ${row.unit}`;
      const consensus = `${write(consensusOf(row, month))}${units}`;
      says.push(`Adjusted by planners: ${consensus} in the consensus`);
      css.push("is-adjusted");
    }
    if (comment) {
      signs.push("✎");
      says.push(comment);
    }
    if (state) {
      css.push(`is-${state}`);
      if (state === "conflict") signs.push("⚠");
      if (state === "kept") signs.push("…");
    }
    if (!row.isWritable) css.push("is-locked");
    const text = [...signs, value].join(" ").trim();
    const isFixed = !row.isWritable || whyNot(shown.model.measure, row) !== "";
    return { text, css: css.join(" "), says: says.join(". "), isFixed };
  }

  function nameOf(cell, line) {
    const told = nameTold(line);
    if (cell.dataset.text === told.key) return;
    cell.dataset.text = told.key;
    cell.replaceChildren();
    if (line.kind === "group") {
      const button = element("button", "forecast-fold");
      button.type = "button";
      button.tabIndex = -1;
      button.setAttribute("aria-expanded", line.isOpen);
      button.textContent = `${line.isOpen ? "▾" : "▸"} ${told.text}`;
      cell.append(button);
    } else cell.textContent = told.text;
    cell.title = told.text;
  }

  function nameTold(line) {
    if (line.kind === "beside") return { text: BESIDE[line.name], key: `b${line.name}` };
    if (line.kind === "row") {
      const { row } = line;
      const { group } = grid.dataset;
      const product = `${row.sku} ${row.productName}`;
      const both = `${row.customerName}: ${product}`;
      const text = { customer: product, product: row.customerName }[group] ?? both;
      return { text, key: `r${row.id}${group}` };
    }
    const text = `${line.name} (${line.rows.length})`;
    return { text, key: `${line.kind}${text}${line.isOpen}` };
  }

  function cellAt({ line, column }) {
    return ensure(line)?.children[column + 1];
  }

  // Bring a cell into sight: neither the head nor the names may lie over it.
  function reveal({ line, column }) {
    const top = line * HEIGHT;
    const inside = scroll.clientHeight - head.offsetHeight;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (top + HEIGHT > scroll.scrollTop + inside) scroll.scrollTop = top + HEIGHT - inside;
    const cell = head.children[column + 1];
    const left = cell.offsetLeft - head.firstChild.offsetWidth;
    const right = cell.offsetLeft + cell.offsetWidth;
    if (left < scroll.scrollLeft) scroll.scrollLeft = left;
    else if (right > scroll.scrollLeft + scroll.clientWidth)
      scroll.scrollLeft = right - scroll.clientWidth;
  }

  function choose(next, chosen) {
    const before = { active, range };
    active = next;
    range = chosen;
    if (before.active.line !== next.line) place();
    // What neither was in the selection nor is in it now stays as it is.
    const first = Math.min(before.range.first, before.active.line, range.first);
    const last = Math.max(before.range.last, before.active.line, range.last);
    for (const [number, line] of lines)
      if (number >= first && number <= last)
        for (const cell of [...line.children].slice(1))
          mark(cell, number, Number(cell.dataset.column));
  }

  function focus() {
    reveal(active);
    place();
    cellAt(active)?.focus({ preventScroll: true });
  }

  scroll.addEventListener("scroll", place, { passive: true });
  new ResizeObserver(() => shown.lines.length && place()).observe(scroll);

  return {
    ...{ begin, show, refresh, choose, focus, cellAt },
    page: () => Math.max(1, Math.floor((scroll.clientHeight - HEIGHT) / HEIGHT) - 1),
    told: (row, month) => totalOf(row, month),
  };
}

function element(name, css, role) {
  const made = document.createElement(name);
  made.className = css;
  if (role) made.setAttribute("role", role);
  return made;
}
