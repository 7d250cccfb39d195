// The clock on the wall. It goes on without a network: by the server's time when that was last
// heard, and by what runs evenly in between, whatever the clock of this machine says.
const time = document.getElementById("clock");
const day = document.getElementById("day");
const zone = document.body.dataset.zone || undefined;

let ahead = 0; // milliseconds from `performance.now()` to the server's time

const hours = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZone: zone,
});
const date = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
  timeZone: zone,
});

const minutes = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: zone,
});

// Whoever stands here looks at one clock: all times of the screen are by it, wherever they live.
export function tell(element) {
  for (const one of element.querySelectorAll("time")) {
    one.textContent = minutes.format(new Date(one.dateTime));
  }
}

function draw() {
  const now = new Date(performance.now() + ahead);
  time.textContent = hours.format(now);
  time.dateTime = now.toISOString();
  day.textContent = date.format(now);
  setTimeout(draw, 1000 - (now.getTime() % 1000));
}

// Set it by what the server says.
export function set(moment) {
  const said = Date.parse(moment);
  if (!Number.isNaN(said)) ahead = said - performance.now();
}

set(time.dateTime);
draw();
