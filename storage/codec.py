"""Dialogue states as JSON and back; unknown fields of an older version are let go."""

from typing import Any

from handlers.dialogue.state import DialogueState, DraftStatus
from handlers.domain.report import Answer


def state_to_json(state: DialogueState) -> dict[str, Any]:
    return {
        "draft_id": state.draft_id,
        "form_id": state.form_id,
        "form_version": state.form_version,
        "language": state.language,
        "answers": {
            key: {"value": answer.value, "text": answer.text}
            for key, answer in state.answers.items()
        },
        "current": state.current,
        "changing": state.changing,
        "rejected": state.rejected,
        "suggestions": None if state.suggestions is None else list(state.suggestions),
        "certain": state.certain,
        "all_categories": state.all_categories,
        "fitting_units": list(state.fitting_units),
        "status": state.status.value,
        "case_number": state.case_number,
    }


def state_from_json(data: dict[str, Any]) -> DialogueState:
    suggestions = data.get("suggestions")
    return DialogueState(
        draft_id=data["draft_id"],
        form_id=data["form_id"],
        form_version=data["form_version"],
        language=data["language"],
        answers={
            key: Answer(value=answer["value"], text=answer["text"])
            for key, answer in data["answers"].items()
        },
        current=data["current"],
        changing=data["changing"],
        rejected=data["rejected"],
        suggestions=None if suggestions is None else tuple(suggestions),
        certain=data["certain"],
        all_categories=data["all_categories"],
        fitting_units=tuple(data.get("fitting_units", ())),
        status=DraftStatus(data["status"]),
        case_number=data["case_number"],
    )
