"""Puts pictures and files beside a draft, and takes them away, within a turn's own transaction."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from bot.masking import masked
from bot.scene import Prompts, Scene, UploadedFile
from handlers.dialogue.state import Command, DraftStatus, Prompt, PromptKind, UserInput
from handlers.forms.form import Outcome
from handlers.records import Draft, ReportFile

_OPEN = (DraftStatus.ACTIVE, DraftStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class Attaching:
    scene: Scene

    def take(self, draft: Draft, said: UserInput) -> Prompts:
        """Return what is to be said of each file; what is refused leaves the rest as it was."""
        outcome = self.scene.services.forms[draft.state.form_id].outcome
        if draft.state.status not in _OPEN or outcome == Outcome.HANDOVER:
            return (self._refusal("file.not_here"),)
        if said.command == Command.DETACH:
            gone = self.scene.uow.report_files.remove(draft.id, said.choice)
            return (self.scene.notice("file.removed"),) if gone else ()
        message = self.scene.message
        if not message.files and not message.refused_files:
            return (self._refusal("file.none"),)
        refused = tuple(
            self._refusal(one.reason, name=self._masked(one.name)) for one in message.refused_files
        )
        return (*self._kept(draft), *refused)

    def _kept(self, draft: Draft) -> Prompts:
        most = self.scene.services.settings.upload_files
        there = len(self.scene.uow.report_files.of_draft(draft.id))
        files = self.scene.message.files
        fitting = files[: max(most - there, 0)]
        kept = [self._keep(draft, file, number) for number, file in enumerate(fitting, there)]
        told = [self._notice("file.added", name=one.name) for one in kept]
        for file in files[len(kept) :]:
            told.append(self._refusal("file.too_many", name=self._masked(file.name), most=most))
        return tuple(told)

    def _keep(self, draft: Draft, file: UploadedFile, number: int) -> ReportFile:
        """Store a file; those of one moment are a microsecond apart, to stay in their order."""
        kept = ReportFile(
            id=self.scene.services.municipality.new_id(),
            draft_id=draft.id,
            name=self._masked(file.name),
            media_type=file.media_type,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            content=file.content,
            added_at=self.scene.now + timedelta(microseconds=number),
        )
        self.scene.uow.report_files.add(kept)
        return kept

    def _masked(self, name: str) -> str:
        return masked(self.scene.services.analyst, name)

    def _notice(self, key: str, **values: object) -> Prompt:
        return Prompt(kind=PromptKind.NOTICE, text=self.scene.say(key, **values))

    def _refusal(self, key: str, **values: object) -> Prompt:
        megabytes = self.scene.services.settings.upload_megabytes
        text = self.scene.say(key, megabytes=megabytes, **values)
        return Prompt(kind=PromptKind.REJECTION, text=text)
