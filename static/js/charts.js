// <chart-canvas>: the drawing of the figures in the table beside it. As an element of its own
// it begins and ends with its place in the page, whatever htmx swaps around it.
import { colours } from "./charts/colours.js";
import { option } from "./charts/option.js";

const drawn = new Set();
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
let isOnPaper = false;

class ChartCanvas extends HTMLElement {
  static observedAttributes = ["data-figures"];
  #place;
  #chart;
  #size = new ResizeObserver(() => this.#fit());

  async connectedCallback() {
    // In the shadow: a region that refreshes itself does not know of the drawing, and would
    // take it away.
    this.#place ??= this.attachShadow({ mode: "open" }).appendChild(
      document.createElement("div"),
    );
    this.#place.style.height = "100%";
    await import(this.dataset.library);
    if (!this.isConnected) return;
    drawn.add(this);
    this.#size.observe(this);
  }

  disconnectedCallback() {
    drawn.delete(this);
    this.#size.disconnect();
    this.#chart?.dispose();
    this.#chart = undefined;
  }

  attributeChangedCallback() {
    this.draw();
  }

  draw() {
    if (!this.#chart) return;
    const look = {
      width: this.clientWidth,
      height: this.clientHeight,
      isStill: stillness.matches || isOnPaper,
    };
    const paint = colours(this.#place, isOnPaper ? "light" : "");
    const figures = JSON.parse(this.dataset.figures);
    this.#chart.setOption(option(figures, paint, look), { replaceMerge: ["series"] });
  }

  // What is hidden has no size; it is drawn once it is shown.
  #fit() {
    if (!this.clientWidth) return;
    this.#chart ??= window.echarts.init(this.#place, null, { renderer: "canvas" });
    this.#chart.resize();
    this.draw();
  }
}

customElements.define("chart-canvas", ChartCanvas);

const redraw = () => {
  for (const chart of drawn) chart.draw();
};

new MutationObserver(redraw).observe(document.documentElement, {
  attributeFilter: ["data-theme"],
});
for (const query of [stillness, matchMedia("(prefers-color-scheme: dark)")]) {
  query.addEventListener("change", redraw);
}
for (const [moment, isPaper] of [
  ["beforeprint", true],
  ["afterprint", false],
]) {
  addEventListener(moment, () => {
    isOnPaper = isPaper;
    redraw();
  });
}

// On a narrow screen somebody sees charts or tables; the choice is kept, as that of the theme.
const root = document.documentElement.dataset;
root.charts = localStorage.getItem("charts") ?? "drawing";
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-chart-switch]")) return;
  root.charts = root.charts === "table" ? "drawing" : "table";
  localStorage.setItem("charts", root.charts);
});
