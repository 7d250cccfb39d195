// From figures to what ECharts draws: few ticks, quiet lines, numbers as the tables write them.
import { heatOption } from "./heat.js";

const TICK = 64; // pixels that a label below the axis takes
const STEPS = [1, 2, 3, 4, 6, 7, 10, 14, 20, 30, 50, 60, 90, 100, 200, 500, 1000];
const NAME = 28;

const short = (name) => (name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name);
const numbers = (values) => values.map((value) => (value === null ? null : Number(value)));

function text(figures) {
  const { decimals, unit } = figures;
  const options = {
    minimumFractionDigits: decimals,
    maximumFractionDigits: Math.max(decimals, 4),
  };
  const format = new Intl.NumberFormat("en-US", options);
  // Undefined is what an open tooltip asks for when its category has just gone.
  return (value) => (Number.isFinite(value) ? `${format.format(value)} ${unit}`.trim() : "—");
}

function tickText() {
  const plain = new Intl.NumberFormat("en-US");
  const compact = new Intl.NumberFormat("en-US", {
    notation: "compact",
    maximumFractionDigits: 1,
  });
  return (value) => (Math.abs(value) < 100_000 ? plain : compact).format(value);
}

// The last category always has its label, and from there each n-th.
function every(count, width) {
  const least = count / Math.max(1, Math.floor(width / TICK));
  return STEPS.find((step) => step >= least) ?? Math.ceil(least);
}

function categoryAxis({ categories, ticks, kind }, paint, width) {
  const step = every(ticks.length, width);
  const room = (width / ticks.length) * step - 8;
  return {
    type: "category",
    data: categories,
    boundaryGap: kind === "bar" || categories.length === 1,
    axisLine: { onZero: false, lineStyle: { color: paint.edge } },
    axisTick: { show: false },
    axisLabel: {
      color: paint.soft,
      formatter: (_name, index) => ticks[index],
      interval: (index) => (ticks.length - 1 - index) % step === 0,
      overflow: "truncate",
      width: Math.max(TICK, room),
    },
  };
}

function valueAxis(values, paint) {
  return {
    type: "value",
    splitNumber: 4,
    minInterval: values.every(Number.isInteger) ? 1 : 0,
    axisLabel: { color: paint.soft, formatter: tickText() },
    splitLine: { lineStyle: { color: paint.line } },
  };
}

function line({ values }, isOnly) {
  return {
    type: "line",
    showSymbol: values.length === 1 || values.includes(null), // a point alone makes no line
    symbol: "circle",
    symbolSize: 7,
    lineStyle: { width: 2 },
    areaStyle: isOnly ? { opacity: 0.12 } : undefined,
    sampling: "lttb",
  };
}

function bar() {
  return { type: "bar", barMaxWidth: 36, barCategoryGap: "30%", emphasis: { focus: "series" } };
}

function series(figures) {
  const isOnly = figures.series.length === 1;
  return figures.series.map((each) => ({
    ...(figures.kind === "bar" ? bar() : line(each, isOnly)),
    name: short(each.name),
    data: numbers(each.values),
    stack: figures.isStacked ? "all" : undefined,
  }));
}

// HTML tooltips write inline styles, which our Content-Security-Policy refuses: canvas text.
function tooltip(figures, paint) {
  return {
    trigger: "axis",
    renderMode: "richText",
    confine: true,
    backgroundColor: paint.raised,
    borderColor: paint.edge,
    borderWidth: 1,
    padding: 10,
    textStyle: { color: paint.ink, fontSize: 13, fontFamily: paint.font },
    axisPointer: {
      type: figures.kind === "bar" ? "shadow" : "line",
      lineStyle: { color: paint.edge },
      shadowStyle: { color: paint.soft, opacity: 0.12 },
    },
    valueFormatter: text(figures),
  };
}

// What all kinds have in common.
function base(figures, paint, isStill) {
  return {
    animation: !isStill,
    animationDuration: 300,
    animationDurationUpdate: 200,
    aria: { enabled: true, label: { description: figures.spoken } },
    color: paint.series,
    textStyle: { fontFamily: paint.font, fontSize: 12 },
    tooltip: tooltip(figures, paint),
  };
}

export function option(figures, paint, look) {
  if (figures.kind === "heat") return heatOption(figures, paint, look, { text, every, base });
  const { width, isStill } = look;
  const all = figures.series.flatMap(({ values }) => numbers(values)).filter((v) => v !== null);
  return {
    ...base(figures, paint, isStill),
    grid: {
      left: 0,
      right: 12,
      top: 12,
      bottom: 3, // letters like g reach below what the bounds are measured by
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    xAxis: categoryAxis(figures, paint, width),
    yAxis: valueAxis(all, paint),
    series: series(figures),
  };
}
