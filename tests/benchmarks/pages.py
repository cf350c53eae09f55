"""week_json, week_html: the week of a family's child through the gateway, by sixteen connections at once."""

from __future__ import annotations

from tests.benchmarks.costs import costs
from tests.benchmarks.figures import Figures
from tests.benchmarks.generator import Load
from tests.benchmarks.http_load import bearer, request, send
from tests.benchmarks.timing import percentile
from tests.benchmarks.town import Town

CONNECTIONS = 16
DAYS = 300


def measure(town: Town, figures: Figures, seconds: float) -> None:
    """Every connection is another reader; all diaries of the demonstration take turns."""
    families = town.families()
    kinds = {
        "week_json": [request("GET", f"/api/v1/diaries/{p}/week", Authorization=bearer(t)) for t, p in families],
        "week_html": [request("GET", f"/diary/{p}", Cookie=f"session={t}") for t, p in families],
    }
    worst = 0.0
    for name, requests in kinds.items():
        connections = [requests[at:] + requests[:at] for at in range(CONNECTIONS)]
        send(Load(town.port, connections, 1.0))
        with costs(town.system, figures, name) as cost:
            answers = send(Load(town.port, connections, seconds))
            cost.times = len(answers.taken)
        figures.add(name, len(answers.taken) / answers.seconds)
        worst = max(worst, percentile(answers.taken, 0.99) * 1000)
    figures.add("week_p99_ms", worst)
    figures.add("week_json_fresh", _fresh(town, families, seconds), "requests/s")


def _fresh(town: Town, families: list[tuple[str, str]], seconds: float) -> float:
    """The same for pages nobody has just looked at: more different weeks than a process remembers."""
    requests = [
        request("GET", f"/api/v1/diaries/{pupil}/week?date={day}", Authorization=bearer(token))
        for day in town.days(DAYS)
        for token, pupil in families
    ]
    step = len(requests) // CONNECTIONS
    connections = [requests[at * step :] + requests[: at * step] for at in range(CONNECTIONS)]
    answers = send(Load(town.port, connections, seconds))
    return len(answers.taken) / answers.seconds
