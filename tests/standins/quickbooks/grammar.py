"""The vendor's query language: one entity, conditions joined by AND, one order, one page."""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:\\.|[^'\\])*')|(?P<sign><=|>=|[=<>(),*])"
    r"|(?P<word>[A-Za-z_][\w.]*|-?\d[\w.:+-]*))"
)
OPERATORS = {"=", "<", ">", "<=", ">=", "LIKE"}
MOST = 1000
LONGEST_NUMBER = 18


class QueryError(Exception):
    """The query is wrong: with the vendor's code, 4000 for its form, 4001 for its meaning."""

    def __init__(self, detail: str, code: str = "4000") -> None:
        super().__init__(detail)
        self.detail, self.code = detail, code


@dataclass(frozen=True)
class Condition:
    """A field compared with one value, or with several after IN."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass
class Query:
    """A query as asked; limits are the vendor's where it says none."""

    entity: str = ""
    counts: bool = False
    conditions: list[Condition] = field(default_factory=list)
    order: str = ""
    descending: bool = False
    start: int = 1
    limit: int = 100


def parse(text: str) -> Query:
    """Read a query. Raises QueryError."""
    return Parser(text).query()


def tokens(text: str) -> list[str]:
    """Cut a query into words, signs and quoted texts, which keep their first quote."""
    found, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise QueryError(f"QueryParserError: Lexical error at column {place + 1}")
        quoted = match["text"]
        unquoted = "'" + re.sub(r"\\(.)", r"\1", quoted[1:-1]) if quoted else ""
        found.append(unquoted or match["sign"] or match["word"])
        place = match.end()
    return found


class Parser:
    """Reads one token after the other; each method reads one part of a query."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.result = Query()

    def peek(self) -> str:
        """The next token in capitals; empty at the end."""
        return self.tokens[0].upper() if self.tokens else ""

    def take(self) -> str:
        """Read the next token, whatever it is."""
        if not self.tokens:
            raise QueryError("QueryParserError: Encountered <EOF>")
        return self.tokens.pop(0)

    def expect(self, *words: str) -> str:
        """Read the next token, which must be one of these."""
        token = self.take()
        if token.upper() not in words:
            raise QueryError(f'QueryParserError: Encountered "{token}", expected {words}')
        return token.upper()

    def accepts(self, word: str) -> bool:
        """Read the next token if it is this one."""
        return self.peek() == word and bool(self.tokens.pop(0))

    def name(self) -> str:
        """Read the name of an entity or a field."""
        token = self.take()
        if not re.fullmatch(r"[A-Za-z_][\w.]*", token):
            raise QueryError(f'QueryParserError: Encountered "{token}", expected a name')
        return token

    def query(self) -> Query:
        """Read it all, from SELECT to the end."""
        self.expect("SELECT")
        if self.expect("*", "COUNT") == "COUNT":
            self.result.counts = all(self.expect(sign) for sign in "(*)")
        self.expect("FROM")
        self.result.entity = self.name()
        self.where()
        self.order()
        self.page()
        return self.result

    def where(self) -> None:
        """Read the conditions, if there are any."""
        if self.accepts("WHERE"):
            self.result.conditions.append(self.condition())
            while self.accepts("AND"):
                self.result.conditions.append(self.condition())

    def condition(self) -> Condition:
        """Read one condition."""
        name, operator = self.name(), self.expect(*OPERATORS, "IN")
        return Condition(name, operator, self.list() if operator == "IN" else (self.value(),))

    def list(self) -> tuple[str, ...]:
        """Read the values of an IN."""
        self.expect("(")
        values = [self.value()]
        while self.expect(",", ")") == ",":
            values.append(self.value())
        return tuple(values)

    def value(self) -> str:
        """Read a quoted text, a number, true or false."""
        token = self.take()
        if token.startswith("'"):
            return token[1:]
        if token[0] in "-0123456789" or token.lower() in {"true", "false"}:
            return token
        raise QueryError(f'QueryParserError: Encountered "{token}", expected a value')

    def order(self) -> None:
        """Read the order, if one is asked for."""
        if self.accepts("ORDERBY") or (self.accepts("ORDER") and self.expect("BY")):
            self.result.order = self.name()
            self.result.descending = self.accepts("DESC")
            if not self.result.descending:
                self.accepts("ASC")

    def page(self) -> None:
        """Read where the page starts and how long it may be, in either order, once each."""
        seen: set[str] = set()
        while self.tokens:
            word = self.expect(*({"STARTPOSITION", "MAXRESULTS"} - seen))
            seen.add(word)
            number = self.number(word)
            if word == "STARTPOSITION":
                self.result.start = number
            else:
                self.result.limit = number

    def number(self, word: str) -> int:
        """Read a whole number that the vendor allows here."""
        token = self.take()
        if not token.isascii() or not token.isdecimal() or len(token) > LONGEST_NUMBER:
            raise QueryError(f'QueryParserError: Encountered "{token}" after {word}')
        if int(token) < 1 or (word == "MAXRESULTS" and int(token) > MOST):
            raise QueryError(
                f"QueryValidationError: value {token} of {word} is out of range", "4001"
            )
        return int(token)
