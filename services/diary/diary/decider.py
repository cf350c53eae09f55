"""Which paper opens a diary, and who sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from services.diary.diary.commands import DiaryCommand, EraseDiary, IssueSlip, LinkDiary, OpenDiary, RemoveLink
from services.diary.diary.events import DiaryErased, DiaryEvent, DiaryLinked, DiaryOpened, LinkRemoved, SlipIssued
from services.eventsourcing.decider import Decider, Missing, Refused
from services.eventsourcing.message import RECORD

MOST_LINKS: Final = 8


@dataclass(frozen=True, slots=True)
class Diary:
    """links: the living link of each account. gone: removed ones, so that removing twice is no error.

    erased: the classes of keys that are destroyed. blank: the lessons whose texts went with them.
    """

    opened: bool = False
    slip: str | None = None
    issue: int = 0
    links: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[tuple[str, str]] = frozenset()
    erased: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()


def decide(command: DiaryCommand, diary: Diary) -> list[DiaryEvent]:
    """Only a difference becomes an event."""
    match command:
        case OpenDiary():
            return [] if RECORD in diary.erased else _opened(command, diary)
        case IssueSlip(pupil=pupil, slip=slip):
            _not_closed(diary)
            # Papers may be wanted before the policy has opened the diaries of a fresh import.
            return [*_opened(command, diary), SlipIssued(pupil=pupil, slip=slip, issue=diary.issue + 1)]
        case LinkDiary():
            return _link(command, diary)
        case RemoveLink():
            return _remove(command, diary)
        case EraseDiary():
            return _erase(command, diary)
    assert_never(command)


def evolve(diary: Diary, event: DiaryEvent) -> Diary:
    """The diary after one more fact."""
    match event:
        case DiaryOpened():
            return replace(diary, opened=True)
        case SlipIssued(slip=slip, issue=issue):
            return replace(diary, slip=slip, issue=issue)
        case DiaryLinked(account=account, link=link):
            return replace(diary, links={**diary.links, account: link})
        case LinkRemoved(account=account, link=link):
            links = {id: known for id, known in diary.links.items() if id != account}
            return replace(diary, links=links, gone=diary.gone | {(account, link)})
        case DiaryErased(classes=classes, lessons=lessons):
            return replace(diary, slip=None, erased=diary.erased | set(classes), blank=diary.blank | set(lessons))
    assert_never(event)


def _opened(command: OpenDiary | IssueSlip, diary: Diary) -> list[DiaryEvent]:
    return [] if diary.opened else [DiaryOpened(pupil=command.pupil, school=command.school)]


def _link(command: LinkDiary, diary: Diary) -> list[DiaryEvent]:
    if not diary.opened:
        raise Missing("diary-unknown", "There is no such diary.")
    if command.account in diary.links:
        return []
    _not_closed(diary)
    if len(diary.links) >= MOST_LINKS:
        raise Refused(
            "links-full",
            "This diary is already linked with {most} accounts. Remove one of them first.",
            most=MOST_LINKS,
        )
    linked = DiaryLinked(pupil=command.pupil, account=command.account, link=command.link, title=command.title)
    return [linked]


def _remove(command: RemoveLink, diary: Diary) -> list[DiaryEvent]:
    if (command.account, command.link) in diary.gone:
        return []
    if diary.links.get(command.account) != command.link:
        raise Missing("link-unknown", "There is no such link.")
    return [LinkRemoved(pupil=command.pupil, account=command.account, link=command.link)]


def _erase(command: EraseDiary, diary: Diary) -> list[DiaryEvent]:
    if not (diary.opened or command.lessons):
        return []
    if diary.erased >= set(command.classes) and diary.blank >= set(command.lessons):
        return []
    gone: list[DiaryEvent] = [
        LinkRemoved(pupil=command.pupil, account=account, link=link) for account, link in sorted(diary.links.items())
    ]
    return [*gone, DiaryErased(pupil=command.pupil, classes=command.classes, lessons=command.lessons)]


def _not_closed(diary: Diary) -> None:
    if RECORD in diary.erased:
        raise Refused("person-erased", "The data of this person have been erased.")


DIARY: Final[Decider[DiaryCommand, Diary]] = Decider("diary", Diary(), decide, evolve)
