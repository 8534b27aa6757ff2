"""Kills a Lotsen with a chat door at the steps of one report, and lets the person go on.

Run as a program by test_kill_chats.py: python -m tests.kill_chats {slack|teams} DATA_DIR. The
report is taken once undisturbed, one delivery after the other, and what the store and the chat
hold before each is kept. Then each delivery is made again from there, by a child that dies by
SIGKILL at a step: before a commit, after a transaction (what lies between is rolled back with it),
before a connection to the platform is opened, or a file put in its place. Another child goes on as
after a restart; what was not acknowledged is sent again, as the platform or the person does.
Afterwards everything has to be as if nobody had died. Every step of the last delivery is tried,
and every `SPARSE`th of the others; `--all` tries every one. One JSON line each.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import event, func, select

from bot.app import Services, build_services
from bot.config import Settings
from bot.logs import configure_logs
from storage import tables
from tests.kill_chat_doors import SlackPhone, TeamsPhone
from tests.kill_runner import make_ready, open_in
from tests.lotskoping import Lotskoping

SPARSE = 7
Json = dict[str, Any]


class Phone(Protocol):
    """A person's chat, with everything that stands in it, and Lotsen's door to it."""

    turns: int

    def copy(self) -> Any:
        """Return everything that stands in the chat, to be put back."""

    def put_back(self, kept: Any) -> None: ...

    def payload(self, turn: int) -> Json:
        """Return what the person's tap or words of this turn send, from what is shown now."""

    def again(self, turn: int, payload: Json) -> Json:
        """Return what comes when the first try got no answer."""

    def deliver(self, lotskoping: Lotskoping, payload: Json | None) -> Iterator[Json]:
        """In the child: open the door, deliver, yield the answer, and finish what has begun."""

    def take_answer(self, payload: Json, answer: Json) -> None: ...

    def receipts(self, number: str) -> int: ...


@dataclass(slots=True)
class Child:
    """One life of Lotsen."""

    answer: Json | None = None
    steps: int = 0
    died: bool = False


@dataclass(slots=True)
class Runner:
    phone: Phone
    root: Path
    loaded: Services
    kept: list[Any] = field(default_factory=list)  # what stands in the chat before each turn
    payloads: list[Json] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    states: list[Json] = field(default_factory=list)  # what the store holds after each turn

    def take_it_once(self) -> None:
        here = self.root / "once"
        shutil.copytree(self.root / "ready", here)
        for turn in range(self.phone.turns):
            shutil.copytree(here, self.root / f"before-{turn}")
            self.kept.append(self.phone.copy())
            payload = self.phone.payload(turn)
            child = self._life(here, payload)
            assert child.answer is not None
            self.phone.take_answer(payload, child.answer)
            self.payloads.append(payload)
            self.steps.append(child.steps)
            self.states.append(state_of(here, self.loaded))

    def outcomes(self, sparse_steps: int) -> Iterator[Json]:
        last = self.phone.turns - 1
        for turn, steps in enumerate(self.steps):
            sparse = 1 if turn == last else sparse_steps
            for step in range(1, steps + 1, sparse):
                yield {"turn": turn, "step": step, **self._killed(turn, step)}

    def _killed(self, turn: int, step: int) -> Json:
        here = self.root / "killed"
        shutil.copytree(self.root / f"before-{turn}", here)
        self.phone.put_back(self.kept[turn])
        payload = self.phone.payload(turn)
        first = self._life(here, payload, die=step)
        if first.answer is not None:
            self.phone.take_answer(payload, first.answer)
        again = None if first.answer is not None else self.phone.again(turn, payload)
        second = self._life(here, again, minutes=10)
        if again is not None and second.answer is not None:
            self.phone.take_answer(again, second.answer)
        state = state_of(here, self.loaded)
        number = state["cases"][0] if state["cases"] else ""
        shutil.rmtree(here)
        return {
            "died": first.died,
            "went_on": not second.died,
            "as_if_nobody_had_died": state == self.states[turn],
            "cases": len(state["cases"]),
            "receipts": self.phone.receipts(number) if number else 0,
        }

    def _life(self, folder: Path, payload: Json | None, *, die: int = 0, minutes: int = 0) -> Child:
        """Let a child live once; what it has answered is known here even when it dies after."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            lotskoping = open_in(folder, self.loaded)
            lotskoping.clock.advance(minutes=minutes)
            passed = _count_steps(lotskoping, die)
            for answer in self.phone.deliver(lotskoping, payload):
                os.write(writing, json.dumps({"answer": answer}).encode() + b"\n")
            os.write(writing, json.dumps({"steps": passed[0]}).encode() + b"\n")
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = [json.loads(line) for line in pipe]
        _, status = os.waitpid(pid, 0)
        child = Child(died=os.WIFSIGNALED(status))
        for one in told:
            child.answer = one.get("answer", child.answer)
            child.steps = one.get("steps", child.steps)
        return child


def _count_steps(lotskoping: Lotskoping, deadly: int) -> list[int]:
    """Count this process's steps from here, and die at the deadly one; 0 is never reached."""
    engine, passed = lotskoping.services.database.engine, [0]

    def count(*_: object) -> None:
        passed[0] += 1
        if passed[0] == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "commit", count)
    event.listen(engine.pool, "checkin", count)
    sys.addaudithook(lambda name, _: count() if name in ("socket.connect", "os.rename") else None)
    return passed


def state_of(folder: Path, loaded: Services) -> Json:
    """Return what the store holds, without ids and moments."""
    lotskoping = open_in(folder, loaded)
    with lotskoping.unit_of_work() as uow:
        drafts = [
            uow.drafts.find(one)
            for one in uow.connection.execute(select(tables.drafts.c.id)).scalars().all()
        ]
        counted = {
            name: uow.connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in (("reports", tables.reports), ("queued", tables.outbox))
        }
        state = {
            "drafts": sorted(
                json.dumps(
                    [
                        draft.state.status,
                        draft.state.current,
                        sorted((k, a.value, a.text) for k, a in draft.state.answers.items()),
                        sorted((k, a.value) for k, a in draft.state.guesses.items()),
                    ]
                )
                for draft in drafts
                if draft is not None
            ),
            "cases": [case.number for case in uow.cases.listed(None, open_only=False)],
            "alerts": sorted(alert.role for alert in uow.alerts.all()),
            "left": [len(uow.inbox.in_state(name)) for name in ("new", "failed")],
            **counted,
        }
    lotskoping.services.database.close()
    return state


def main() -> None:
    configure_logs(open(os.devnull, "w"))  # noqa: SIM115, PTH123 - for the life of the process
    phones: dict[str, Callable[[], Phone]] = {"slack": SlackPhone, "teams": TeamsPhone}
    root = Path(sys.argv[2])
    make_ready(root / "ready")
    loaded = build_services(Settings(_env_file=None, data_dir=root / "ready"))
    loaded.database.close()
    runner = Runner(phones[sys.argv[1]](), root, loaded)
    runner.take_it_once()
    for outcome in runner.outcomes(1 if "--all" in sys.argv else SPARSE):
        sys.stdout.write(json.dumps(outcome) + "\n")
        sys.stdout.flush()
    os._exit(0)  # the local Slack and Teams have threads that wait for more


if __name__ == "__main__":
    main()
