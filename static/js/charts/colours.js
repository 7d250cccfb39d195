// The tokens of our CSS as a canvas understands them: ECharts cannot read oklch().
const NAMES = {
  ink: "--ink",
  soft: "--ink-soft",
  line: "--line",
  edge: "--edge",
  raised: "--raised",
};
const SERIES = [1, 2, 3, 4, 5, 6].map((number) => `--chart-${number}`);
const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

function rgb(colour) {
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  const [red, green, blue] = dot.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

// `scheme` is "light" on paper; else it is that of the page.
export function colours(place, scheme = "") {
  const probe = document.createElement("span");
  probe.style.colorScheme = scheme;
  place.parentNode.append(probe);
  const read = (token) => {
    probe.style.color = `var(${token})`;
    return rgb(getComputedStyle(probe).color);
  };
  const found = Object.fromEntries(
    Object.entries(NAMES).map(([name, token]) => [name, read(token)]),
  );
  const paint = {
    ...found,
    series: SERIES.map(read),
    font: getComputedStyle(probe).fontFamily,
  };
  probe.remove();
  return paint;
}
