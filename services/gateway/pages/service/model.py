"""The card of one service: for whom, what is needed, what it costs, how long it takes."""

from dataclasses import dataclass

from services.gateway.pages.home.model import Question


@dataclass(frozen=True)
class ServicePage:
    """The electronic student diary; `linked` counts the diaries the account already has."""

    linked: int = 0
    questions: tuple[Question, ...] = ()
