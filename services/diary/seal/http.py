"""The last seal, for operators."""

from __future__ import annotations

from flask import Blueprint, Response
from msgspec import to_builtins

from services.diary.seal.decider import SEAL
from services.diary.seal.sealing import STORE
from services.diary.service import Diary
from services.eventsourcing.web import answer, extension, only

blueprint = Blueprint("seal", __name__)


@blueprint.get("/seal")
def last() -> Response:
    """{"seal": the last one, or null}."""
    only("operator")
    diary: Diary = extension("diary")
    found = diary.executor.load(SEAL, STORE).state
    return answer({"seal": to_builtins(found) if found else None})
