// Figures by two categories as fields of one colour: the stronger, the more. The library has no
// heat map in its common build, so each field is the square point of a scatter plot.
const FAINTEST = 0.06;
const GAP = 2;
const LABELS = 92; // pixels that the names of the rows take
const AXIS = 34;

function fields({ series }) {
  return series.flatMap(({ values }, row) =>
    values.flatMap((value, column) => (value === null ? [] : [[column, row, Number(value)]])),
  );
}

// A tenth of the strongest has to be told from nothing.
const strength = (value, most) => (value > 0 ? FAINTEST + (1 - FAINTEST) * (value / most) : 0);

export function heatOption(figures, paint, { width, height, isStill }, { text, every, base }) {
  const data = fields(figures);
  const most = Math.max(...data.map(([, , value]) => value), Number.EPSILON);
  const { categories, ticks, series } = figures;
  const narrow = width < 600 ? LABELS / 2 : LABELS;
  const size = [
    Math.max(2, (width - narrow - 12) / categories.length - GAP),
    Math.max(2, (height - AXIS) / series.length - GAP),
  ];
  const step = every(ticks.length, width - narrow);
  const axis = { type: "category", axisTick: { show: false }, axisLine: { show: false } };
  const format = text(figures);
  return {
    ...base(figures, paint, isStill),
    grid: { left: narrow, right: 12, top: 4, bottom: AXIS - 4, outerBoundsMode: "none" },
    tooltip: {
      ...base(figures, paint, isStill).tooltip,
      trigger: "item",
      formatter: ({ value: [column, row, value] }) =>
        `${series[row].name}, ${categories[column]}\n${format(value)}`,
    },
    xAxis: {
      ...axis,
      data: categories,
      axisLabel: {
        color: paint.soft,
        formatter: (_name, index) => ticks[index],
        interval: (index) => index % step === 0,
      },
    },
    yAxis: {
      ...axis,
      data: series.map(({ name }) => name),
      inverse: true,
      axisLabel: {
        color: paint.soft,
        formatter: (name) => (narrow < LABELS ? name.slice(0, 3) : name),
      },
    },
    series: [
      {
        type: "scatter",
        symbol: "rect",
        symbolSize: size,
        data: data.map((value) => ({
          value,
          itemStyle: { color: paint.series[0], opacity: strength(value[2], most) },
        })),
      },
    ],
  };
}
