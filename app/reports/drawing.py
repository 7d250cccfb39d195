"""Charts as SVG, for paper: the same figures that pages draw in the browser."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal

from markupsafe import Markup, escape

from app.core.pages.charts import Chart

WIDTH, HEIGHT = 680, 250
LEFT, RIGHT, TOP, BOTTOM = 70, 8, 30, 44  # around the field
COLOURS = ("#2457c5", "#c2571a", "#2c7a4b", "#7a3fa0", "#9a7b00", "#4a4a4a")
STEPS = 4  # lines across
MOST_NAMES = 12  # below the field
LONGEST_NAME = 14
LETTER = 6  # points that a letter takes in a legend


def svg_of(chart: Chart) -> Markup:
    """Draw lines or bars; nothing where there is no figure, or where fields have colours."""
    if chart.is_empty or chart.kind == "heat":
        return Markup("")
    field = _Field(chart)
    shapes = field.lines() if chart.kind == "line" else field.bars()
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="100%" '
        'font-family="sans-serif" font-size="9">{}</svg>'
    ).format(WIDTH, HEIGHT, Markup("").join([*field.scale(), *shapes, *field.legend()]))


class _Field:
    """Where figures stand between the axes."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        known = [v for each in chart.series for v in each.values if v is not None]
        self.low, self.high = min(*known, Decimal(0)), max(*known, Decimal(0))
        self.step = _nice((self.high - self.low or Decimal(1)) / STEPS)
        self.low = -_up(-self.low / self.step) * self.step
        self.high = max(_up(self.high / self.step), self.low / self.step + 1) * self.step
        self.slot = (WIDTH - LEFT - RIGHT) / len(chart.categories)

    def y(self, figure: Decimal) -> float:
        """How far below the upper edge a figure stands."""
        part = float((figure - self.low) / (self.high - self.low))
        return round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1)

    def x(self, place: int) -> float:
        """Where the middle of a category is."""
        return round(LEFT + (place + 0.5) * self.slot, 1)

    def scale(self) -> Iterator[Markup]:
        """Lines across with their figures, and names below."""
        line = Markup('<path d="M{} {}H{}" stroke="{}" stroke-width="0.6"/>')
        word = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
        for number in range(int((self.high - self.low) / self.step) + 1):
            figure = self.low + number * self.step
            y = self.y(figure)
            yield line.format(LEFT, y, WIDTH - RIGHT, "#555" if figure == 0 else "#ccc")
            yield word.format(LEFT - 5, y + 3, "end", f"{figure.normalize():,f}")
        names = [str(category) for category in self.chart.categories]
        every = -(-len(names) // MOST_NAMES)
        for place in range(0, len(names), every):
            name = names[place]
            short = f"{name[: LONGEST_NAME - 1]}…" if len(name) > LONGEST_NAME else name
            y = HEIGHT - BOTTOM + 13 + (place // every % 2) * 11
            yield word.format(self.x(place), y, "middle", escape(short))

    def lines(self) -> Iterator[Markup]:
        """A line for each series, broken where there is no figure; a dot where it is alone."""
        path = Markup('<path d="{}" fill="none" stroke="{}" stroke-width="1.8"{}/>')
        dot = Markup('<circle cx="{}" cy="{}" r="2" fill="{}"/>')
        for number, series in enumerate(self.chart.series):
            colour = COLOURS[number]
            dashes = Markup(' stroke-dasharray="{}"').format(5 - number) if number else ""
            yield path.format(" ".join(self._path(series.values)), colour, dashes)
            for place, figure in enumerate(series.values):
                if figure is not None:
                    yield dot.format(self.x(place), self.y(figure), colour)

    def _path(self, values: Sequence[Decimal | None]) -> Iterator[str]:
        is_on = False
        for place, figure in enumerate(values):
            if figure is not None:
                yield f"{'L' if is_on else 'M'}{self.x(place)} {self.y(figure)}"
            is_on = figure is not None

    def bars(self) -> Iterator[Markup]:
        """Bars side by side; on each other where they add up."""
        bar = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>')
        count = len(self.chart.series)
        width = round(self.slot * 0.8 / count, 1)
        for number, series in enumerate(self.chart.series):
            for place, figure in enumerate(series.values):
                if figure is None:
                    continue
                ends = sorted((self.y(figure), self.y(Decimal(0))))
                x = round(self.x(place) + (number - count / 2) * width, 1)
                height = round(ends[1] - ends[0], 1)
                yield bar.format(x, ends[0], width, height, COLOURS[number])

    def legend(self) -> Iterator[Markup]:
        """Colours with their names, and the unit."""
        sign = Markup('<rect x="{}" y="6" width="9" height="9" fill="{}"/>')
        word = Markup('<text x="{}" y="14">{}</text>')
        x = LEFT
        for number, series in enumerate(self.chart.series):
            yield sign.format(x, COLOURS[number])
            yield word.format(x + 13, escape(series.name))
            x += 30 + LETTER * len(series.name)
        if self.chart.unit:
            yield Markup('<text x="{}" y="14" text-anchor="end">{}</text>').format(
                LEFT - 5, escape(self.chart.unit)
            )


def _nice(step: Decimal) -> Decimal:
    """Give the next step up of 1, 2 or 5 and noughts."""
    power = Decimal(10) ** step.adjusted()
    return next(power * part for part in (1, 2, 5, 10) if power * part >= step)


def _up(part: Decimal) -> Decimal:
    return part.to_integral_value(ROUND_CEILING)
