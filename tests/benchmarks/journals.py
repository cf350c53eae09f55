"""lesson_http: whole lessons through the gateway; mark_visible: from a teacher's key to a family's page."""

from __future__ import annotations

import http.client
import json
import time
from datetime import date
from typing import Any

from services.eventsourcing.ids import derived_id
from tests.benchmarks.costs import costs
from tests.benchmarks.figures import Figures
from tests.benchmarks.generator import Load
from tests.benchmarks.http_load import Unexpected, bearer, request, send
from tests.benchmarks.timing import percentile
from tests.benchmarks.town import Town

CONNECTIONS = 16
PUPILS = 25
GROUPS = 6  # of one teacher
LESSONS_A_DAY = 10
OF_GROUP = 30  # marks of one pupil in one group: three days
TEACHER = "bench-teacher-{}"
LOOK_SECONDS = 5.0


def lessons(town: Town, figures: Figures, count: int) -> None:
    """Sixteen teachers enter lessons of 25 marks; a lesson is done when the answer says that the pages show it."""
    connections = [_teacher(town, number, count // CONNECTIONS) for number in range(CONNECTIONS)]
    town.settled()
    with costs(town.system, figures, "lesson_http", sum(map(len, connections))):
        answers = send(Load(town.port, connections))
    figures.add("lesson_http", len(answers.taken) / answers.seconds)
    figures.add("lesson_http_p95_ms", percentile(answers.taken, 0.95) * 1000)
    if late := answers.statuses[202]:
        figures.note(f"lesson_http: {late} lessons were accepted before the pages showed them")
    town.settled()


def marks(town: Town, figures: Figures, count: int) -> None:
    """See seen."""
    taken = seen(town, count)
    figures.add("mark_visible_p50_ms", percentile(taken, 0.5) * 1000)
    figures.add("mark_visible_p99_ms", percentile(taken, 0.99) * 1000)


def seen(town: Town, count: int, label: str = "visible") -> list[float]:
    """One teacher, one family: the seconds from sending a mark to the family's answer that holds it.

    label: names groups and teachers that are used once.
    """
    families = town.families()
    taken: list[float] = []
    while len(taken) < count:
        number = len(taken) // OF_GROUP
        taken += _seen(town, *families[number % len(families)], f"{label} {number}", min(OF_GROUP, count - len(taken)))
    return taken


def _seen(town: Town, token: str, pupil: str, name: str, count: int) -> list[float]:
    """So many marks of one pupil in lessons of the last days, after those of the timetable."""
    teacher = TEACHER.format(name.replace(" ", "-"))
    group = town.group(name, [pupil], teacher)
    town.settled()
    writer, reader = _Client(town.port, town.teacher(teacher)), _Client(town.port, token)
    taken = []
    for at in range(count):
        day, place = town.days(OF_GROUP)[at // LESSONS_A_DAY], 9 + at % LESSONS_A_DAY
        begun = time.perf_counter()
        writer.ask("POST", f"/journals/{group}/lessons/{day}/{place}", {"entries": [{"pupil": pupil, "mark": "5"}]})
        while not _shown(reader.ask("GET", f"/diaries/{pupil}/week?date={day}"), day, place):
            if time.perf_counter() - begun > LOOK_SECONDS:
                raise Unexpected(f"a mark was not to be seen within {LOOK_SECONDS} s")
        taken.append(time.perf_counter() - begun)
    return taken


def _teacher(town: Town, number: int, count: int) -> list[bytes]:
    """What one teacher sends: a lesson a day for each of the own groups."""
    teacher = TEACHER.format(number)
    pupils = {
        town.group(f"lessons {number}.{one}", found, teacher): found
        for one in range(GROUPS)
        if (found := [derived_id("bench", f"{number}.{one}.{at}") for at in range(PUPILS)])
    }
    token, days, groups = bearer(town.teacher(teacher)), town.days(count // GROUPS + 1), list(pupils)
    places = [(groups[at % GROUPS], days[at // GROUPS]) for at in range(count)]
    return [
        request("POST", _path(group, day, 1 + at % 7), _body(pupils[group], at), Authorization=token)
        for at, (group, day) in enumerate(places)
    ]


def _path(group: str, day: date, number: int) -> str:
    return f"/api/v1/journals/{group}/lessons/{day}/{number}"


def _body(pupils: list[str], number: int) -> dict[str, Any]:
    entries = [{"pupil": pupil, "mark": str(2 + (number + at) % 4)} for at, pupil in enumerate(pupils)]
    return {"topic": "Сложение дробей с разными знаменателями", "entries": entries}


def _shown(week: dict[str, Any], day: date, number: int) -> bool:
    lessons = [one for shown in week["days"] if shown["date"] == day.isoformat() for one in shown["lessons"]]
    return any(one["number"] == number and one["marks"] for one in lessons)


class _Client:
    """An API client on one connection."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Authorization": bearer(token), "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """What the API answers, which must be a success."""
        content = None if body is None else json.dumps(body)
        self._connection.request(method, f"/api/v1{path}", content, self._headers)
        answer = self._connection.getresponse()
        read = answer.read()
        if answer.status >= 300:
            raise Unexpected(f"{answer.status} {read[:500]!r}")
        found: dict[str, Any] = json.loads(read)
        return found
