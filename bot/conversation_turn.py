"""One turn of the dialogue: which draft it belongs to, and what its steps call for."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.attaching import Attaching
from bot.scene import ENDED, Prompts, Scene
from bot.sending import Sending
from handlers import alerts, own_reports
from handlers.dialogue.answers import understood
from handlers.dialogue.engine import step
from handlers.dialogue.state import (
    Command,
    DialogueState,
    DraftStatus,
    Effect,
    EffectKind,
    Prompt,
    UserInput,
)
from handlers.handing_over import NURSE
from handlers.ports import TextAnalysis
from handlers.records import Draft


@dataclass(frozen=True, slots=True)
class Turn:
    scene: Scene

    def take(self, said: UserInput) -> Prompts:
        """Step until the person is asked something, doing what the steps call for."""
        kind, _, about = said.choice.partition(":")
        own = self._own_acts().get(kind)
        if own is not None and about:
            return own(about)
        if understood(said, at_summary=False).command == Command.REGRET:
            return self._regret()
        draft, told = self._draft(said)
        if said.command in (Command.ATTACH, Command.DETACH):
            told = (*told, *Attaching(self.scene).take(draft, said))
        return (*told, *self._steps(draft, said))

    def present(self) -> Prompts:
        """Return where the conversation stands, changing nothing."""
        draft = self.scene.uow.drafts.latest(self.scene.message.conversation_id)
        if draft is None:
            return ()
        form = self.scene.services.forms[draft.state.form_id]
        # "Resume" would show a cancelled report as if it had come back.
        cancelled = draft.state.status == DraftStatus.CANCELLED
        said = UserInput(command=Command.NONE if cancelled else Command.RESUME)
        return step(form, draft.state, said, self.scene.context(draft.state)).prompts

    def _own_acts(self) -> dict[str, Callable[[str], Prompts]]:
        return {
            own_reports.OPEN_DRAFT: self._open_draft,
            own_reports.DROP_DRAFT: self._drop_draft,
            own_reports.ADD: self._begin_addition,
            own_reports.USEFUL: lambda number: self._vote(number, useful=True),
            own_reports.NOT_USEFUL: lambda number: self._vote(number, useful=False),
        }

    def _steps(self, draft: Draft, said: UserInput) -> Prompts:
        prompts: list[Prompt] = []
        following: UserInput | None = said
        while following is not None:
            form = self.scene.services.forms[draft.state.form_id]
            taken = step(form, draft.state, following, self.scene.context(draft.state))
            draft = replace(draft, state=taken.state)
            prompts += taken.prompts
            following = None
            for effect in taken.effects:
                draft, told, wanted = self._done(draft, effect)
                prompts += told
                following = wanted or following
        self.scene.save(draft)
        return tuple(prompts)

    def _done(self, draft: Draft, effect: Effect) -> tuple[Draft, Prompts, UserInput | None]:
        """Do what a step calls for; return the draft, what to show, and what to step with."""
        start = UserInput(command=Command.START)
        match effect.kind:
            case EffectKind.RAISE_DANGER:
                self._raise_danger(draft)
            case EffectKind.SUGGEST_CATEGORY:
                return draft, (), _suggestion(self.scene.services.analyst.analyse(effect.text))
            case EffectKind.SUBMIT_REPORT:
                return *Sending(self.scene).submit(draft), None
            case EffectKind.SWITCH_FORM:
                return self.scene.in_form(draft, effect.text), (), start
            case EffectKind.BEGIN_FORM:
                moved = self.scene.put_away(draft)
                told = _told_already(draft)
                begun = self.scene.new_draft(effect.text)
                return (_at_same_unit(begun, draft) if told else begun), moved, told or start
            case EffectKind.LIST_DRAFTS:
                self.scene.save(draft)
                return draft, self._list_drafts(), None
            case EffectKind.LIST_REPORTS:
                return draft, self._list_reports(), None
        return draft, (), None

    def _raise_danger(self, draft: Draft) -> None:
        services = self.scene.services
        alerts.raise_danger(
            self.scene.uow,
            draft.id,
            _unit_of(draft.state),
            self.scene.now,
            services.municipality,
            told_at=services.clock(),
        )

    def _draft(self, said: UserInput) -> tuple[Draft, Prompts]:
        """Return the conversation's draft, the person's from elsewhere, or a new one."""
        found = self.scene.uow.drafts.latest(self.scene.message.conversation_id)
        ended = found is None or found.state.status in ENDED
        if found is not None and not self.scene.message.new_report:
            return found, ()
        begins = said.command in (Command.RESUME, Command.START)
        if ended and begins and self.scene.message.person_id:
            for draft in own_reports.drafts_of(self.scene.uow, self.scene.owner):
                if draft.conversation_id != self.scene.message.conversation_id:
                    return self._taken_over(draft), (self.scene.notice("dialogue.taken_over"),)
        return self.scene.new_draft(self.scene.message.form_id), ()

    def _taken_over(self, draft: Draft) -> Draft:
        """Return a draft that the same person goes on with in this conversation."""
        message = self.scene.message
        state = replace(draft.state, status=DraftStatus.ACTIVE)
        return replace(
            draft, state=state, channel=message.channel, conversation_id=message.conversation_id
        )

    def _open_draft(self, draft_id: str) -> Prompts:
        draft = own_reports.owned_draft(self.scene.uow, self.scene.owner, draft_id)
        if draft is None:
            return self._list_drafts()
        return self._steps(*self._woken(draft))

    def _regret(self) -> Prompts:
        """Take back what was cancelled last, wherever the conversation stands by now."""
        scene = self.scene
        latest = scene.uow.drafts.latest(scene.message.conversation_id)
        if latest is not None and latest.state.status in (
            DraftStatus.CANCELLED,
            DraftStatus.PAUSED,
        ):
            return self._steps(*self._woken(latest))
        cancelled = own_reports.cancelled_of(scene.uow, scene.owner)
        if not cancelled:
            return (scene.notice("dialogue.nothing_cancelled"), *self.present())
        begun = latest is not None and bool(latest.state.answers)
        moved = scene.put_away(latest) if latest is not None and begun else ()
        return (*moved, *self._steps(*self._woken(cancelled[0])))

    def _woken(self, draft: Draft) -> tuple[Draft, UserInput]:
        """Return a draft that goes on here, and what it is woken with."""
        if draft.state.status != DraftStatus.CANCELLED:
            return self._taken_over(draft), UserInput(command=Command.RESUME)
        message = self.scene.message
        here = replace(draft, channel=message.channel, conversation_id=message.conversation_id)
        return here, UserInput(command=Command.REGRET)

    def _drop_draft(self, draft_id: str) -> Prompts:
        draft = own_reports.owned_draft(self.scene.uow, self.scene.owner, draft_id)
        if draft is not None:
            self.scene.uow.drafts.remove(draft.id)
        return (self.scene.notice("dialogue.draft_dropped"), *self._list_drafts())

    def _list_drafts(self) -> Prompts:
        scene = self.scene
        return own_reports.list_drafts(scene.uow, scene.owner, scene.services.municipality)

    def _list_reports(self) -> Prompts:
        scene = self.scene
        return own_reports.list_reports(scene.uow, scene.owner, scene.services.municipality)

    def _begin_addition(self, number: str) -> Prompts:
        sent = own_reports.sent_report(self.scene.uow, self.scene.owner, number)
        if sent is None:
            return self._list_reports()
        latest = self.scene.uow.drafts.latest(self.scene.message.conversation_id)
        moved = self.scene.put_away(latest) if latest and latest.state.status not in ENDED else ()
        draft = self.scene.new_draft("addition", about=number)
        return (*moved, *self._steps(draft, UserInput(command=Command.START)))

    def _vote(self, number: str, *, useful: bool) -> Prompts:
        scene = self.scene
        sent = own_reports.sent_report(scene.uow, scene.owner, number)
        if sent is None or not own_reports.vote(scene.uow, sent, useful=useful, now=scene.now):
            return self._list_reports()
        return (scene.notice("dialogue.vote_thanks"), *self._list_reports())


def _unit_of(state: DialogueState) -> str:
    unit = state.answers.get("where")
    return unit.value if unit and unit.is_known else ""


def _suggestion(analysis: TextAnalysis) -> UserInput:
    return UserInput(
        command=Command.SUGGESTED,
        suggestions=tuple(s.category for s in analysis.suggestions),
        certain=analysis.certain,
    )


def _told_already(draft: Draft) -> UserInput | None:
    """Return what a report can begin with: what has just been gathered for the nurse."""
    told = draft.state.answers.get("state") if draft.state.form_id == NURSE else None
    sent = draft.state.status == DraftStatus.SUBMITTED
    return UserInput(text=told.text) if told and told.text and sent else None


def _at_same_unit(begun: Draft, before: Draft) -> Draft:
    """Return a report that need not be told again where it happened."""
    where = before.state.answers.get("where")
    if where is None or not where.is_known:
        return begun
    guesses = {key: one for key, one in begun.state.guesses.items() if key != "where"}
    return replace(begun, state=replace(begun.state, answers={"where": where}, guesses=guesses))
