"""The states of a kind of document: declared in one table, with what may follow each."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from app.documents.errors import NotAllowed


class State(NamedTuple):
    """A state as people see it, and what may follow: `badge` is a kind of `ui.badge`.

    A document is open in it if something is still owed.
    """

    label: str
    badge: str = "muted"
    is_open: bool = False
    then: Collection[str] = ()


class States(Mapping[str, State]):
    """All states of a kind of document, in the order in which lists offer them.

    A state is never followed by itself.
    """

    def __init__(self, **states: State) -> None:
        for name, state in states.items():
            if strays := set(state.then) - set(states):
                raise ValueError(f"{name} is followed by {strays.pop()}, which is no state")
        self._states = states
        self.labels = {name: state.label for name, state in states.items()}
        self.transitions = {n: frozenset(s.then) - {n} for n, s in states.items()}
        self.open = tuple(name for name, state in states.items() if state.is_open)

    def __getitem__(self, name: str) -> State:
        return self._states[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def may_follow(self, status: str, wanted: str) -> bool:
        """Tell whether a state may follow another."""
        return wanted in self.transitions[status]

    def refuse(self, number: str, status: str, wanted: str) -> None:
        """Refuse a step that the table does not have.

        Raises:
            NotAllowed: With the states in words.
        """
        if not self.may_follow(status, wanted):
            now, then = self.labels[status].lower(), self.labels[wanted].lower()
            if status == wanted:
                raise NotAllowed(f"{number} is already in this state: {now}.")
            raise NotAllowed(f"{number} is {now}: it cannot become {then}.")
