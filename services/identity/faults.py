"""What is wrong with the fields of a form, all of it at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from services.eventsourcing.problems import Problem


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a field breaks; {names} in the sentence come from params."""

    field: str
    code: str
    sentence: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def detail(self) -> str:
        """The sentence, ready to read."""
        return self.sentence.format(**self.params)


def refuse(faults: Iterable[Fault | None]) -> None:
    """Raise one problem that names every fault; its code, field and params are those of the first."""
    found = [fault for fault in faults if fault]
    if not found:
        return
    first = found[0]
    errors = [{"field": f.field, "code": f.code, "detail": f.detail, "params": dict(f.params)} for f in found]
    raise Problem(422, first.code, first.detail, field=first.field, params=dict(first.params) or None, errors=errors)
