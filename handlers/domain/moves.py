"""Every allowed move of a case and of its side tracks, in one table.

docs/states.md draws the table; a test compares the two. Source: ADR 0009, patient safety act 3:5,
social services act 27:2-6.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class CaseStatus(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    INVESTIGATING = "investigating"
    DECIDED = "decided"
    ACTING = "acting"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    HANDED_ON = "handed_on"  # to the employer's own system: the work environment
    MERGED = "merged"  # into another report of the same event


class MariaStep(StrEnum):
    """Lex Maria: led by MAS, reported to IVO as soon as possible after the event."""

    ASSESSING = "assessing"
    ANALYSING = "analysing"
    REPORTED = "reported"
    INVESTIGATION_SENT = "investigation_sent"
    ANSWERED = "answered"  # IVO has decided
    DONE = "done"  # unit and management have been told
    NOT_REPORTED = "not_reported"


class SarahStep(StrEnum):
    """Lex Sarah: led by SAS, investigated by somebody who stands free of the unit."""

    RECEIVED = "received"
    MEASURES_TAKEN = "measures_taken"
    INVESTIGATING = "investigating"
    ASSESSING = "assessing"
    REPORTED = "reported"
    DECIDED = "decided"  # by the board or its delegate
    DONE = "done"


class ProviderStep(StrEnum):
    """A private provider's own lex Sarah: led and investigated by it, and the board is told."""

    RECEIVED = "received"
    BOARD_INFORMED = "board_informed"  # of the report (SoL 27:4)
    MEASURES_TAKEN = "measures_taken"
    INVESTIGATING = "investigating"
    ASSESSING = "assessing"
    REPORTED = "reported"  # by the provider itself (SoL 27:6)
    DECIDED = "decided"  # by the provider's management
    DONE = "done"


class Machine(StrEnum):
    CASE = "case"
    LEX_MARIA = "lex_maria"
    LEX_SARAH = "lex_sarah"
    LEX_SARAH_PROVIDER = "lex_sarah_provider"  # at a unit that a private provider runs


class Guard(StrEnum):
    """What a move asks for; the words stand in the drawing."""

    NAMED_PERSON = "named person"
    OTHER_UNIT = "moved to another unit"
    RISK = "risk, law, and told when hurt"
    LOW_RISK = "low risk, with a reason"
    CAUSE = "cause"
    ACTION = "action"
    GATES = "closing gates"
    SECOND_PERSON = "reason and a second person"
    ALL_DONE = "all actions done"
    NO_EFFECT = "did not help"
    REASON = "reason"
    NO_CARE = "work environment, and a second person"
    PERSON = "a person merges"
    UNDO = "a person undoes it"
    MAS = "MAS"
    SAS = "SAS"
    INDEPENDENT = "SAS, investigator outside the unit"
    PROVIDER = "the provider"
    PROVIDER_INDEPENDENT = "the provider, its own investigator outside the unit"
    TAKEN_BACK = "a wrong tap is taken back"


State = CaseStatus | MariaStep | SarahStep | ProviderStep
NAMES_INVESTIGATOR = frozenset({Guard.INDEPENDENT, Guard.PROVIDER_INDEPENDENT})
Rows = tuple[tuple[State, State, Guard], ...]


@dataclass(frozen=True, slots=True)
class Move:
    machine: Machine
    source: State
    to: State
    guard: Guard


S, M, L, P = CaseStatus, MariaStep, SarahStep, ProviderStep

MAIN_PATH = (S.RECEIVED, S.ACKNOWLEDGED, S.ASSESSED, S.INVESTIGATING, S.DECIDED, S.ACTING)
OPEN = (*MAIN_PATH, S.FOLLOWING_UP)
ENDED = frozenset({S.CLOSED, S.DISMISSED, S.HANDED_ON, S.MERGED})

_CASE = (
    (S.RECEIVED, S.ACKNOWLEDGED, Guard.NAMED_PERSON),
    (S.ACKNOWLEDGED, S.ASSESSED, Guard.RISK),
    (S.ACKNOWLEDGED, S.DISMISSED, Guard.SECOND_PERSON),
    (S.ACKNOWLEDGED, S.HANDED_ON, Guard.NO_CARE),
    (S.ASSESSED, S.INVESTIGATING, Guard.CAUSE),
    (S.ASSESSED, S.DECIDED, Guard.LOW_RISK),
    (S.ASSESSED, S.DISMISSED, Guard.SECOND_PERSON),
    (S.ASSESSED, S.HANDED_ON, Guard.NO_CARE),
    (S.INVESTIGATING, S.DECIDED, Guard.CAUSE),
    (S.DECIDED, S.ACTING, Guard.ACTION),
    (S.DECIDED, S.CLOSED, Guard.GATES),
    (S.ACTING, S.FOLLOWING_UP, Guard.ALL_DONE),
    (S.ACTING, S.CLOSED, Guard.GATES),
    (S.FOLLOWING_UP, S.ACTING, Guard.NO_EFFECT),
    (S.FOLLOWING_UP, S.CLOSED, Guard.GATES),
    *((state, S.RECEIVED, Guard.OTHER_UNIT) for state in OPEN[1:]),
    (S.CLOSED, S.INVESTIGATING, Guard.REASON),
    (S.DISMISSED, S.ACKNOWLEDGED, Guard.REASON),
    (S.HANDED_ON, S.ACKNOWLEDGED, Guard.REASON),
    *((state, S.MERGED, Guard.PERSON) for state in OPEN),
    *((S.MERGED, state, Guard.UNDO) for state in OPEN),
)

_LEX_MARIA = (
    (M.ASSESSING, M.ANALYSING, Guard.MAS),
    (M.ASSESSING, M.REPORTED, Guard.MAS),
    (M.ASSESSING, M.NOT_REPORTED, Guard.MAS),
    (M.ANALYSING, M.REPORTED, Guard.MAS),
    (M.ANALYSING, M.NOT_REPORTED, Guard.MAS),
    (M.REPORTED, M.INVESTIGATION_SENT, Guard.MAS),
    (M.INVESTIGATION_SENT, M.ANSWERED, Guard.MAS),
    (M.ANSWERED, M.DONE, Guard.MAS),
    (M.NOT_REPORTED, M.ASSESSING, Guard.MAS),
)

_LEX_SARAH = (
    (L.RECEIVED, L.MEASURES_TAKEN, Guard.SAS),
    (L.MEASURES_TAKEN, L.INVESTIGATING, Guard.INDEPENDENT),
    (L.INVESTIGATING, L.ASSESSING, Guard.SAS),
    (L.ASSESSING, L.REPORTED, Guard.SAS),
    (L.ASSESSING, L.DECIDED, Guard.SAS),
    (L.REPORTED, L.DECIDED, Guard.SAS),
    (L.DECIDED, L.DONE, Guard.SAS),
)


_LEX_SARAH_PROVIDER = (
    (P.RECEIVED, P.BOARD_INFORMED, Guard.PROVIDER),
    (P.BOARD_INFORMED, P.MEASURES_TAKEN, Guard.PROVIDER),
    (P.MEASURES_TAKEN, P.INVESTIGATING, Guard.PROVIDER_INDEPENDENT),
    (P.INVESTIGATING, P.ASSESSING, Guard.PROVIDER),
    (P.ASSESSING, P.REPORTED, Guard.PROVIDER),
    (P.ASSESSING, P.DECIDED, Guard.PROVIDER),
    (P.REPORTED, P.DECIDED, Guard.PROVIDER),
    (P.DECIDED, P.DONE, Guard.PROVIDER),
)


def _backwards(rows: Rows) -> Iterator[tuple[State, State, Guard]]:
    """Return the way back of every step that has none of its own."""
    ways = {(source, to) for source, to, _ in rows}
    for source, to, _ in rows:
        if (to, source) not in ways:
            yield to, source, Guard.TAKEN_BACK


MOVES: tuple[Move, ...] = (
    *(Move(Machine.CASE, *row) for row in _CASE),
    *(Move(Machine.LEX_MARIA, *row) for row in (*_LEX_MARIA, *_backwards(_LEX_MARIA))),
    *(Move(Machine.LEX_SARAH, *row) for row in (*_LEX_SARAH, *_backwards(_LEX_SARAH))),
    *(
        Move(Machine.LEX_SARAH_PROVIDER, *row)
        for row in (*_LEX_SARAH_PROVIDER, *_backwards(_LEX_SARAH_PROVIDER))
    ),
)

_ALLOWED = {(move.machine, move.source, move.to): move for move in MOVES}


def find_move(machine: Machine, source: State, to: State) -> Move | None:
    return _ALLOWED.get((machine, source, to))


def moves_from(machine: Machine, source: State) -> tuple[Move, ...]:
    """Return the moves onward from a state; what takes a tap back is not among them."""
    return tuple(
        move
        for move in MOVES
        if (move.machine, move.source) == (machine, source) and move.guard != Guard.TAKEN_BACK
    )
