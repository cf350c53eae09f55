"""What can be asked of the seals of a store."""

from __future__ import annotations

from dataclasses import dataclass

from services.diary.seal.events import StoreSealed


@dataclass(frozen=True, slots=True)
class TakeSeal:
    """Add this seal, made from a cut of the store, after the last one."""

    store: str
    sealed: StoreSealed
