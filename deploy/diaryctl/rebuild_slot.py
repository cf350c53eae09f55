"""python -m deploy.diaryctl.rebuild_slot: a process of a rebuild that `diaryctl views rebuild` starts."""

from __future__ import annotations

from deploy.diaryctl.projected import views_of
from services.eventsourcing.rebuilding.member import serve

if __name__ == "__main__":
    serve(views_of)
