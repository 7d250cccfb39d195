"""People with tablets, a thread each, in processes of their own: at a pace, or in haste."""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

from bench.clients import PROCESSES
from bench.servers import complaints
from bench.tablets import PARCEL, Answer, Tablet, to_pack, to_scan, totes_to_pack

OK, SEE_OTHER, CONFLICT = 200, 303, 409
TWICE, RELOAD, WRONG, OTHER_TABLET, TAKE_OVER = 0.15, 0.05, 0.03, 0.02, 0.1
NO_TOTE_PAUSE, LONGEST_PAUSE = 0.2, 0.05  # seconds
NO_TOTE_SECONDS = 60  # nobody packs so slowly


class Shift(NamedTuple):
    """Who works where: two sessions for each person, and the barcodes by SKU."""

    port: int
    people: Sequence[tuple[str, str]]
    codes: Mapping[str, str]
    seconds: float = 0  # at a pace for so long; 0: until nothing is ready
    pace: tuple[float, float] = (1, 2)  # seconds between two scans


class Worked(NamedTuple):
    """Seconds of each answer to a scan, what was done on the way, and what went wrong."""

    latencies: list[float]
    counts: dict[str, int]
    failures: list[str]


class Failed(Exception):
    """The server answered what it never should."""


class Person:
    """Somebody who picks, with one tablet in hand and another one near."""

    def __init__(self, shift: Shift, number: int, pages: dict[int, str]) -> None:
        self.shift, self.number, self.pages = shift, number, pages
        self.rng = random.Random(number)  # noqa: S311
        self.tablets = [Tablet(shift.port, cookie) for cookie in shift.people[number]]
        self.worked = Worked([], {}, [])
        for tablet in self.tablets:
            tablet.open("/pick")

    @property
    def tablet(self) -> Tablet:
        """The one in hand."""
        return self.tablets[0]

    def work_at_pace(self) -> None:
        """Scan at the pace of the shift; who is through takes the next pick task.

        What was picked is packed afterwards, so that the totes are free again.
        """
        end, full = time.perf_counter() + self.shift.seconds, []
        time.sleep(self.rng.uniform(0, self.shift.pace[1]))
        page, screen = self.claim()
        while page and time.perf_counter() < end:
            code = to_scan(screen, self.shift.codes)
            if code is None:
                full += totes_to_pack(screen)
                page, screen = self.claim()
                continue
            began = time.perf_counter()
            answer = self.scan(page, code)
            self.worked.latencies.append(answer.seconds)
            screen = answer.text
            pause = self.rng.uniform(*self.shift.pace) - (time.perf_counter() - began)
            time.sleep(max(pause, 0))
        for tote in [*full, *totes_to_pack(screen)]:
            self.pack(tote)

    def work_off(self) -> None:
        """Pick and pack until nothing is ready, with all that goes wrong on the way."""
        while True:
            page, screen = self.take_over() or self.claim()
            if not page:
                return
            self.pages[self.number] = page
            screen = self.pick(page, screen)
            self.pages.pop(self.number, None)
            for tote in totes_to_pack(screen):
                self.pack(tote)

    def claim(self) -> tuple[str, str]:
        """Take the next pick task: its address and its screen, both empty if there is none."""
        end = time.perf_counter() + NO_TOTE_SECONDS
        while (answer := self.tablet.submit("/pick/tasks")).status == CONFLICT:
            if time.perf_counter() > end:
                raise Failed("Every tote is in use, and stays so.")
            time.sleep(NO_TOTE_PAUSE)
        self._expect(answer, SEE_OTHER)
        if answer.place == "/pick":
            return "", ""
        return answer.place, self.tablet.open(answer.place).text

    def take_over(self) -> tuple[str, str] | None:
        """Now and then go on with what somebody else has in work."""
        if self.rng.random() > TAKE_OVER or not self.pages:
            return None
        page = self.rng.choice([*self.pages.values()])
        answer = self.tablet.submit(f"{page}/assignee")
        self._expect(answer, SEE_OTHER, CONFLICT)  # it may be over by now
        if answer.status == CONFLICT:
            return None
        self._note("take-overs")
        return page, self.tablet.open(page).text

    def pick(self, page: str, screen: str) -> str:
        """Go from bin to bin, until the screen has no more lines, or they are another's."""
        while (code := to_scan(screen, self.shift.codes)) is not None:
            time.sleep(self.rng.uniform(0, LONGEST_PAUSE))
            if self.rng.random() < OTHER_TABLET:
                self.change_tablets(page, code)
            if self.rng.random() < WRONG:
                self.scan(page, "NOBODY")
            screen = self.scan(page, code, copies=self._copies()).text
            if self.rng.random() < RELOAD:
                self._note("reloads")
                screen = self.tablet.open(page).text
        return screen

    def change_tablets(self, page: str, code: str) -> None:
        """Go on at the other tablet; a late scan of the first is no piece."""
        self.tablets.reverse()
        self._expect(self.tablet.submit(f"{page}/assignee"), SEE_OTHER, CONFLICT)
        [late] = self.tablets[1].scan(f"{page}/scans", code)
        if late.sound != "wrong":
            raise Failed(f"A tablet that was left was answered {late.sound}.")
        self._note("changes of tablet")

    def pack(self, tote: str) -> None:
        """Scan every piece into a parcel, weigh it and let it go, perhaps by two clicks."""
        [found] = self.tablet.scan("/pack/scans", tote)
        if not found.place:
            return  # somebody who took over was faster
        screen = self.tablet.open(found.place).text
        while (sku := to_pack(screen)) is not None:
            screen = self.scan(found.place, self.shift.codes[sku], copies=self._copies()).text
        if parcel := PARCEL.search(screen):
            self._expect(
                self.tablet.submit(parcel[1], weight_kg="1.5"), SEE_OTHER, CONFLICT, 422
            )
        for _ in range(self._copies()):
            self._expect(self.tablet.submit(f"{found.place}/shipment"), SEE_OTHER, CONFLICT)

    def scan(self, page: str, code: str, *, copies: int = 1) -> Answer:
        """Scan, and hear the last answer."""
        answers = self.tablet.scan(f"{page}/scans", code, copies=copies)
        self._note("scans")
        self._note("copies", copies - 1)
        for answer in answers:
            self._expect(answer, OK)
        if len({answer.sound for answer in answers}) > 1:
            raise Failed(f"One scan, two answers: {[answer.sound for answer in answers]}.")
        return answers[-1]

    def _copies(self) -> int:
        return 2 if self.rng.random() < TWICE else 1

    def _note(self, kind: str, times: int = 1) -> None:
        self.worked.counts[kind] = self.worked.counts.get(kind, 0) + times

    def _expect(self, answer: Answer, *statuses: int) -> None:
        if answer.status not in statuses:
            raise Failed(f"{answer.status} {answer.text[-500:]!r}")


def work(shift: Shift) -> Worked:
    """Let everybody work, and add up what they did.

    Raises:
        RuntimeError: The server answered somebody what it never should.
    """
    shares = [shift._replace(people=shift.people[n::PROCESSES]) for n in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        parts = [*pool.map(_share, [share for share in shares if share.people])]
    if failures := [text for part in parts for text in part.failures]:
        raise RuntimeError(f"{len(failures)} failed: {failures[0]} {complaints()}")
    return _together(parts)


def _share(shift: Shift) -> Worked:
    """Be some of the people: a thread each."""
    pages: dict[int, str] = {}
    people = [Person(shift, number, pages) for number in range(len(shift.people))]
    threads = [threading.Thread(target=_watched, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _together([person.worked for person in people])


def _watched(person: Person) -> None:
    what: Callable[[], None] = person.work_at_pace if person.shift.seconds else person.work_off
    try:
        what()
    except Exception as error:  # it is told where all threads end
        person.worked.failures.append(repr(error))
    finally:
        for tablet in person.tablets:
            tablet.close()


def _together(parts: Sequence[Worked]) -> Worked:
    counts: dict[str, int] = {}
    for part in parts:
        for kind, times in part.counts.items():
            counts[kind] = counts.get(kind, 0) + times
    return Worked(
        [seconds for part in parts for seconds in part.latencies],
        counts,
        [text for part in parts for text in part.failures],
    )
