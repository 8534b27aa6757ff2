"""Dialogue states as JSON and back; unknown fields of an older version are let go."""

from collections.abc import Mapping
from typing import Any

from handlers.dialogue.state import DialogueState, DraftStatus, Mention
from handlers.domain.report import Answer


def state_to_json(state: DialogueState) -> dict[str, Any]:
    return {
        "draft_id": state.draft_id,
        "form_id": state.form_id,
        "form_version": state.form_version,
        "language": state.language,
        "answers": _answers_to_json(state.answers),
        "current": state.current,
        "changing": state.changing,
        "rejected": state.rejected,
        "suggestions": None if state.suggestions is None else list(state.suggestions),
        "certain": state.certain,
        "all_categories": state.all_categories,
        "fitting_units": list(state.fitting_units),
        "status": state.status.value,
        "case_number": state.case_number,
        "guesses": _answers_to_json(state.guesses),
        "guessed": list(state.guessed),
        "flags": list(state.flags),
        "mentions": [[mention.name, mention.label] for mention in state.mentions],
        "about": state.about,
        "anonymous": state.anonymous,
    }


def state_from_json(data: dict[str, Any]) -> DialogueState:
    suggestions = data.get("suggestions")
    return DialogueState(
        draft_id=data["draft_id"],
        form_id=data["form_id"],
        form_version=data["form_version"],
        language=data["language"],
        answers=_answers_from_json(data["answers"]),
        current=data["current"],
        changing=data["changing"],
        rejected=data["rejected"],
        suggestions=None if suggestions is None else tuple(suggestions),
        certain=data["certain"],
        all_categories=data["all_categories"],
        fitting_units=tuple(data.get("fitting_units", ())),
        status=DraftStatus(data["status"]),
        case_number=data["case_number"],
        guesses=_answers_from_json(data.get("guesses", {})),
        guessed=tuple(data.get("guessed", ())),
        flags=tuple(data.get("flags", ())),
        mentions=tuple(Mention(name=name, label=label) for name, label in data.get("mentions", ())),
        about=data.get("about", ""),
        anonymous=data.get("anonymous", False),
    )


def _answers_to_json(answers: Mapping[str, Answer]) -> dict[str, dict[str, str]]:
    return {key: {"value": one.value, "text": one.text} for key, one in answers.items()}


def _answers_from_json(data: Mapping[str, Mapping[str, str]]) -> dict[str, Answer]:
    return {key: Answer(value=one["value"], text=one["text"]) for key, one in data.items()}
