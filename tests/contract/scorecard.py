"""What the checks found, number by number, for the terminal and for docs/conformance.md."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.contract.checklist import CHOICES, TITLES, group_of

PASSED, FAILED, NOT_APPLICABLE, NOT_RUN = "passed", "failed", "not applicable", "not run"
REASON_MAX_LENGTH = 160
# What differs from run to run has no place in a scorecard.
VARYING = [
    (re.compile(r"\b(video|req|char|file|evt|batch|we|job)_[0-9A-Za-z]{6,}\b"), r"\1_…"),
    (re.compile(r"\b(127\.0\.0\.\d+|localhost):\d+"), r"\1"),
    (re.compile(r"(?<![\w.])/(?:tmp|work|home|root|var|usr|opt)/[^\s'\",)]+"), "…"),
]
HEADER = """\
# Conformance of Studio

Written by `make conformance`; do not edit it by hand. The suite in `tests/contract` starts Studio with its embedded
engine and asks it over HTTP, as a client would, everything that the contract's checklist (C1 to C102) says. A number
passes when all its checks pass. Rows marked ° are decisions of Studio where the hosted API's behaviour is not known.
The column *engine* tells which promises the embedded engine keeps on its own door too; where it is empty, the engine
makes none.

The same suite asks any other server: `make conformance BASE_URL=http://host:8000/v1 API_KEY=sk-…`. Optional are
`OTHER_API_KEY` (a key of another project), `MODEL` (instead of the default), `RENDER_SECONDS` (how long a video may
take, else 180) and `CROWD=1` (allow the checks that make 50 and 250 videos).
"""


class Finding(NamedTuple):
    outcome: str
    test: str
    reason: str


class Verdict(NamedTuple):
    outcome: str
    detail: str = ""


def one_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    line = "".join(character if character.isprintable() else "·" for character in line)
    for pattern, replacement in VARYING:
        line = pattern.sub(replacement, line)
    return line if len(line) <= REASON_MAX_LENGTH else f"{line[:REASON_MAX_LENGTH]}…"


@dataclass
class Scorecard:
    """`findings[room][number]` holds one finding per check that ran."""

    server: str = "Studio"
    findings: dict[str, dict[int, list[Finding]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    clients: set[str] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)

    def record(self, room: str, numbers: list[int], outcome: str, test: str, reason: str) -> None:
        for number in numbers:
            assert number in TITLES, f"C{number} is not in the checklist"
            self.findings[room][number].append(Finding(outcome, test, one_line(reason)))

    def client(self, name_and_version: str) -> None:
        """An official client took part, for example "openai-python 3.52.0"."""
        self.clients.add(name_and_version)

    def note(self, title: str, text: str) -> None:
        """A result outside the checklist, for example the summary of Schemathesis."""
        self.notes[title] = text

    @property
    def room(self) -> str:
        """The room that is judged; the engine is judged beside it."""
        return next((room for room in self.findings if room != "engine"), "studio")

    def verdict(self, number: int, room: str | None = None) -> Verdict:
        found = self.findings[room or self.room][number]
        failed = [it for it in found if it.outcome == FAILED]
        away = [it for it in found if it.outcome == NOT_APPLICABLE]
        if failed:
            return Verdict(FAILED, f"{failed[0].test}: {failed[0].reason}" + _more(failed))
        if found and len(away) == len(found):
            return Verdict(NOT_APPLICABLE, away[0].reason)
        if away:
            return Verdict(PASSED, f"{len(away)} of {len(found)} checks not applicable: {away[0].reason}")
        return Verdict(PASSED) if found else Verdict(NOT_RUN)

    @property
    def totals(self) -> dict[str, int]:
        outcomes = [self.verdict(number).outcome for number in TITLES]
        return {outcome: outcomes.count(outcome) for outcome in (PASSED, FAILED, NOT_APPLICABLE, NOT_RUN)}

    @property
    def is_whole(self) -> bool:
        """Every number was looked at."""
        return not self.totals[NOT_RUN]

    @property
    def summary(self) -> str:
        return ", ".join(f"{count} {outcome}" for outcome, count in self.totals.items())

    def lines(self, *, everything: bool) -> Iterator[str]:
        """For the terminal."""
        for number in TITLES:
            outcome, detail = self.verdict(number)
            if everything or outcome == FAILED:
                yield f"{f'C{number}':5} {outcome:14}  {title(number)}" + (f"\n{'':22}{detail}" if detail else "")
        for client in sorted(self.clients):
            yield f"client: {client}"
        for name, text in sorted(self.notes.items()):
            yield f"{name}: {text}"
        yield f"C1-C{max(TITLES)} of {self.server}: {self.summary}"

    def markdown(self) -> str:
        """The same for the same results: no times, no addresses."""
        parts = [HEADER, f"**{self.summary}.**\n", *self._tables()]
        if self.clients:
            parts += ["## Official clients that took part\n", *sorted(f"- {client}" for client in self.clients), ""]
        if self.notes:
            parts += [
                "## Beside the checklist\n",
                *[f"- {name}: {text}" for name, text in sorted(self.notes.items())],
                "",
            ]
        return "\n".join(parts)

    def _tables(self) -> Iterator[str]:
        group = ""
        for number in TITLES:
            if group_of(number) != group:
                yield ("\n" if group else "") + f"## {group_of(number)}\n\n| | | result | engine |\n|---|---|---|---|"
                group = group_of(number)
            outcome, detail = self.verdict(number)
            engine = self.verdict(number, "engine").outcome
            result = f"**{outcome}**: {_cell(detail)}" if detail else outcome
            yield f"| C{number} | {title(number)} | {result} | {'' if engine == NOT_RUN else engine} |"
        yield ""


def title(number: int) -> str:
    return TITLES[number] + (" °" if number in CHOICES else "")


def _more(failed: list[Finding]) -> str:
    return f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
