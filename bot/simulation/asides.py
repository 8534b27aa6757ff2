"""What happens in a case beside its next step, each a deed of its own through the real code.

Every chance is an assumption: for each open case, on a working day.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from bot.simulation.attempts import attempt
from bot.simulation.workers import at_work_with, worker
from handlers import case_handling, dismissing, duplicates, exchanges, shielding, team
from handlers.case_records import PartyKind, Profession
from handlers.desk import Desk
from handlers.domain.case import Case
from handlers.domain.people import Role
from handlers.permissions import Action as Right

if TYPE_CHECKING:
    from bot.simulation.world import World

PUTS_OFF = 0.01
PROPOSES_TO_DISMISS = 0.003
PROPOSES_TO_HAND_ON = 0.001
CORRECTS_THE_CATEGORY = 0.005
INVITES = 0.01
GIVES_A_TASK = 0.01
ASKS_OTHERS = 0.005
WAS_ASKED = 0.002
MERGES = 0.03  # when a report of the same event is suggested
HIDES = 0.001
NAMES_ANOTHER = 0.3  # of those who hide a case
_CODES = dismissing.DISMISSAL_CODES
_PROFESSIONS = {
    Role.NURSE: Profession.NURSE,
    Role.OCCUPATIONAL_THERAPIST: Profession.OCCUPATIONAL_THERAPIST,
    Role.PHYSIOTHERAPIST: Profession.PHYSIOTHERAPIST,
}
_HIDING = (Role.MAS, Role.SAS)


class Asides:
    """Managers, MAS and SAS, beside the steps that a case has to go."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._habits: tuple[tuple[float, Callable[[World, Case], None]], ...] = (
            (PUTS_OFF, self._put_off),
            (PROPOSES_TO_DISMISS, self._propose_to_dismiss),
            (PROPOSES_TO_HAND_ON, self._propose_to_hand_on),
            (CORRECTS_THE_CATEGORY, self._correct),
            (INVITES, self._invite),
            (GIVES_A_TASK, self._give_a_task),
            (ASKS_OTHERS, self._ask_others),
            (WAS_ASKED, self._was_asked),
            (MERGES, self._merge),
            (HIDES, self._hide),
        )

    def work(self, world: "World", cases: Sequence[Case]) -> None:
        for case in cases:
            for chance, habit in self._habits:
                if self._random.random() < chance:
                    habit(world, case)

    def _put_off(self, world: "World", case: Case) -> None:
        days = timedelta(days=self._random.randrange(1, 15))

        def deed(desk: Desk) -> None:
            until = desk.today + days
            case_handling.snooze(desk, until_on=until, reason="Väntar på besked från läkaren.")

        self._by_worker(world, case, deed)

    def _propose_to_dismiss(self, world: "World", case: Case) -> None:
        code = self._random.choice(_CODES)

        def deed(desk: Desk) -> None:
            case_handling.acknowledge(desk)
            case_handling.write_feedback(desk, text="Tack. Det här hör inte till oss.")
            dismissing.propose_dismissal(desk, code=code, reason="Det är ingen avvikelse.")

        self._by_worker(world, case, deed)

    def _propose_to_hand_on(self, world: "World", case: Case) -> None:
        def deed(desk: Desk) -> None:
            reason = "Det gäller personalens arbetsmiljö."
            dismissing.propose_handing_on(desk, reference="2026/117", reason=reason)

        self._by_worker(world, case, deed)

    def _correct(self, world: "World", case: Case) -> None:
        category = self._random.choice(sorted(world.services.municipality.categories))
        self._by_worker(
            world, case, lambda desk: case_handling.change_category(desk, category=category)
        )

    def _invite(self, world: "World", case: Case) -> None:
        self._by_worker(world, case, lambda desk: self._ask_in(desk, case))

    def _ask_in(self, desk: Desk, case: Case) -> None:
        colleague, profession = self._colleague(desk, case)
        team.invite(desk, person_id=colleague, profession=profession)

    def _give_a_task(self, world: "World", case: Case) -> None:
        def deed(desk: Desk) -> None:
            owner, _ = self._colleague(desk, case)
            due_on = desk.today + timedelta(days=self._random.randrange(1, 21))
            team.add_task(desk, text="Berätta hur det var.", owner_id=owner, due_on=due_on)

        self._by_worker(world, case, deed)

    def _colleague(self, desk: Desk, case: Case) -> tuple[str, Profession]:
        """Return anybody who works with care in the municipality, of any unit and any office."""
        found = sorted(
            {
                (one.person_id, _PROFESSIONS.get(one.role, Profession.OTHER))
                for one in desk.uow.organisation.assignments
                if one.valid.holds(desk.today)
                and (one.role in _PROFESSIONS or one.role == Role.UNIT_MANAGER)
                and one.person_id not in (desk.person_id, *case.manager_involved_ids)
            }
        )
        return self._random.choice(found)

    def _ask_others(self, world: "World", case: Case) -> None:
        kind = self._random.choice(list(PartyKind))
        address = self._random.choice(("", f"avvikelser@{kind}.example"))

        def deed(desk: Desk) -> None:
            exchanges.ask(desk, party_kind=kind, party=self._party(desk, kind), address=address)

        self._by_worker(world, case, deed)

    def _was_asked(self, world: "World", case: Case) -> None:
        kind = self._random.choice((PartyKind.REGION, PartyKind.PROVIDER, PartyKind.SUPPLIER))
        address = self._random.choice(("", f"avvikelser@{kind}.example"))

        def deed(desk: Desk) -> None:
            party = self._party(desk, kind)
            exchanges.was_asked(desk, party_kind=kind, party=party, address=address)

        self._by_worker(world, case, deed)

    def _party(self, desk: Desk, kind: PartyKind) -> str:
        if kind == PartyKind.UNIT:
            return self._random.choice(desk.uow.organisation.current_units(desk.today)).id
        return f"Någon annan ({kind})"

    def _merge(self, world: "World", case: Case) -> None:
        def deed(desk: Desk) -> None:
            now_there = case_handling.open_for_work(desk)
            found = duplicates.suggestions(desk, now_there)
            if found:
                duplicates.merge(desk, into_id=found[0].case.id)

        self._by_worker(world, case, deed)

    def _hide(self, world: "World", case: Case) -> None:
        person_id = at_work_with(world, case, Right.SHIELD, _HIDING)
        if not person_id:
            return

        def deed(desk: Desk) -> None:
            named: tuple[str, ...] = ()
            if self._random.random() < NAMES_ANOTHER:
                colleague, _ = self._colleague(desk, case)
                named = (colleague,)
            shielding.shield(desk, named=named)

        attempt(world, case.id, person_id, deed)

    def _by_worker(self, world: "World", case: Case, deed: Callable[[Desk], object]) -> None:
        with world.services.unit_of_work(read_only=True) as uow:
            now_there = uow.cases.find(case.id)
            person_id = worker(uow, now_there, world) if now_there and now_there.is_open else ""
        if person_id and now_there is not None and not now_there.is_held:
            attempt(world, case.id, person_id, deed)
