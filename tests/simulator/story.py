"""A run: clients, two workers, a rebuild now and then, and all that can go wrong between their steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count

from services.eventsourcing import crash
from services.eventsourcing.decider import Busy, Decider, Executor
from services.eventsourcing.log import LogUnavailable, Place
from services.eventsourcing.message import Recorded, from_wire
from services.eventsourcing.projection_store import Fenced
from services.eventsourcing.projector import Projector
from services.eventsourcing.rebuilding.rebuild import Rebuild
from services.eventsourcing.relay import Relay
from services.eventsourcing.vault import MemoryKeyRing, Vault
from services.eventsourcing.worker import Loop
from tests.faults.checker import Violation, check
from tests.faults.evidence import Evidence, Projected, refolded
from tests.faults.history import History
from tests.kit.toy import Book, PageWritten, Rows, Shelf, Write, asked, evolve, registry
from tests.simulator.fate import Away, Died, Fate
from tests.simulator.faulty import FATES, FaultyLog, FaultyStore
from tests.simulator.leases import Leases
from tests.simulator.memory_projections import MemoryProjections
from tests.simulator.process import Process

TOPIC = "diary.events"
BOOKS = ("a", "b", "c", "d")
WORKERS = ("one", "two")
STEPS = 60
PATIENCE = 4
DEEPEST = 2  # a paused process inside the pause of another
REGISTRY = registry()
# It refuses nothing, so that only the store's knowledge of commands keeps a page from being written twice.
DIARY = Decider(
    "book", Book(), lambda write, _: [PageWritten(book=write.book, text=text) for text in write.texts], evolve
)


class RelayMemory:
    """What MongoRelayMemory keeps, fenced as it is."""

    def __init__(self) -> None:
        self._next: dict[int, int] = {}
        self._epoch = 0

    def load(self, topic_id: str) -> dict[int, int]:
        """See relay.RelayMemory."""
        return dict(self._next)

    def save(self, next_offsets: Mapping[int, int], epoch: int) -> None:
        """See relay.RelayMemory."""
        if epoch >= self._epoch:
            self._epoch = epoch
            self._next.update({one: max(self._next.get(one, 0), offset) for one, offset in next_offsets.items()})


class Story:
    """One seed. Every choice is the fate's, so the seed is the story."""

    views = (Shelf(), Rows())

    def __init__(self, seed: int) -> None:
        self.fate = Fate(seed)
        self.depth = 0
        self.store = self.new_store()
        self.log = FaultyLog({TOPIC: 3}, self.fate)
        self.projections = self.new_projections()
        self.memory = RelayMemory()
        self.leases = Leases(self.fate)
        self.vault = Vault(MemoryKeyRing())
        self.history = History()
        self.open: dict[str, tuple[str, tuple[str, ...]]] = {}  # commands that got no answer, to be asked again
        self.texts: dict[str, tuple[str, ...]] = {}
        self.busy: set[str] = set()
        self._numbers = count(1)
        self._lives = count(1)
        self.executors = [self.new_executor() for _ in WORKERS]
        self.workers = {name: self.new_worker(name) for name in WORKERS}

    def new_store(self) -> FaultyStore:
        """The event store; a test gives a broken one to see it found out."""
        return FaultyStore(self.fate, self.between)

    def new_projections(self) -> MemoryProjections:
        """What the projectors keep; see new_store."""
        return MemoryProjections(self.between)

    def new_executor(self) -> Executor:
        """A web process's."""
        return Executor(self.store, REGISTRY, self.vault)

    def new_relay(self) -> Relay:
        """As a process that has just started makes it."""
        return Relay(self.store, self.log, TOPIC, "/diary", self.memory)

    def new_projector(self) -> Projector:
        """As a process that has just started makes it."""
        return Projector(self.projections, self.log, [TOPIC], self.views, self.vault)  # type: ignore[arg-type]

    def new_worker(self, name: str) -> Process:
        """A process with a relay and a projector."""
        relay, projector = self.new_relay(), self.new_projector()
        loops = [
            Loop("relay", relay.run_once, lost=relay.lost),
            Loop("projector", lambda _: projector.run_once(0), lost=projector.reset),
        ]
        return Process(f"{name}-{next(self._lives)}", self.leases, loops)

    # what may happen next

    def happen(self) -> None:
        """One thing happens, somewhere."""
        events: dict[Callable[[], None], int] = {
            self.ask: 8, self.ask_again: 3, self.repeat: 1, self.relay: 8, self.project: 8, self.read: 3,
            self.pass_time: 3, self.arrive_late: 2, self.deliver_again: 1, self.rebuild: 1, self.restart: 1,
        }  # fmt: skip
        self.fate.weighted(list(events), list(events.values()))()

    def ask(self) -> None:
        """A client sends a new command."""
        command = f"c{next(self._numbers)}"
        texts = tuple(f"{command}.{part}" for part in range(self.fate.between(1, 3)))
        self.texts[command] = texts
        self.send(command, self.fate.pick(BOOKS), texts)

    def ask_again(self) -> None:
        """A client that got no answer sends its command again."""
        if self.open:
            command = self.fate.pick(sorted(self.open))
            self.send(command, *self.open[command])

    def repeat(self) -> None:
        """A client sends a command again that was acknowledged: it must be told the same."""
        if self.history.acknowledged:
            told = self.fate.pick(self.history.acknowledged)
            self.send(told.command, told.stream.removeprefix("book-"), self.texts[told.command])

    def send(self, command: str, name: str, texts: tuple[str, ...]) -> None:
        """One attempt."""
        self.history.ask(command)
        try:
            done = self.fate.pick(self.executors).execute(DIARY, name, Write(name, texts), asked(command))
        except (Away, Busy):
            self.open[command] = (name, texts)
        else:
            self.open.pop(command, None)
            self.history.told(command, done.stream, done.version)

    def relay(self) -> None:
        """A relay works on a log that may misbehave."""
        self.log.faults = [self.fate.pick(FATES)] if self.fate.strikes(0.4) else []
        self.step("relay")

    def project(self) -> None:
        """A projector works."""
        self.step("projector")

    def step(self, loop: str) -> None:
        """A step of one worker, unless it is paused. It may die in it."""
        name = self.fate.pick(WORKERS)
        if name in self.busy:
            return
        self.busy.add(name)
        try:
            self.workers[name].step(loop)
        except Died:
            self.workers[name] = self.new_worker(name)
        finally:
            self.busy.discard(name)

    def read(self) -> None:
        """A session looks at a book."""
        name = self.fate.pick(BOOKS)
        self.history.read("reader", name, self.projections.head(f"book-{name}"))

    def pass_time(self) -> None:
        """Sometimes longer than a lease lasts."""
        self.fate.now += self.fate.pick((0.1, 0.5, 1.5, 5.0))

    def arrive_late(self) -> None:
        """What was on the way arrives."""
        self.log.arrive_late()

    def deliver_again(self) -> None:
        """Some record stands on the log once more."""
        place = self.fate.pick([Place(TOPIC, number) for number in range(3)])
        if self.log.records[place]:
            self.log.records[place].append(self.fate.pick(self.log.records[place]))

    def rebuild(self) -> None:
        """An operator builds a view anew."""
        view = self.fate.pick(self.views)
        if self.projections.generation(view.name) is None:
            return
        work = Rebuild(self.projections, self.log, [view], self.vault)  # type: ignore[arg-type]
        try:
            assert work.run()[0].equal, f"a rebuild of {view.name} differs"
        except (Fenced, Died):
            return

    def restart(self) -> None:
        """A process ends and another one begins."""
        name = self.fate.pick(WORKERS)
        if name not in self.busy:
            self.workers[name] = self.new_worker(name)
            self.executors[self.fate.between(0, 1)] = self.new_executor()

    def at(self, point: str) -> None:
        """A process passes a crash point: it may die here, or stand still."""
        if self.fate.strikes(0.04):
            raise Died(point)
        self.pause(0.15)

    def between(self) -> None:
        """Before and after each answer of a store others may be faster."""
        self.pause(0.02)

    def pause(self, chance: float) -> None:
        """The one at work stands still while the world goes on."""
        if self.depth < DEEPEST and self.fate.strikes(chance):
            self.depth += 1
            faults, self.log.faults = self.log.faults, []
            self.fate.now += self.fate.pick((0.0, 5.0))
            for _ in range(self.fate.between(1, 6)):
                self.happen()
            self.log.faults = faults
            self.depth -= 1

    # the run

    def run(self) -> list[Violation]:
        """Live through it, come to rest, and be judged."""
        real, crash.point = crash.point, self.at
        try:
            for _ in range(STEPS):
                self.happen()
            self.come_to_rest()
        finally:
            crash.point = real
        return check(self.history, self.evidence())

    def come_to_rest(self) -> None:
        """Everything works from now on; clients get their answers, readers the rest of the log."""
        self.fate.calm = True
        self.log.arrive_late()
        while self.open:
            self.ask_again()
        relay = self.new_relay()
        for _ in range(50):
            try:
                if not relay.run_once(10_000):
                    break
            except LogUnavailable:
                continue
        self.read_everything()

    def read_everything(self) -> None:
        """A projector reads until nothing comes, for longer than a reader may be silent."""
        projector, idle = self.new_projector(), 0
        while idle < PATIENCE:
            idle = 0 if projector.run_once(0) else idle + 1
            self.fate.now += 20.0

    def evidence(self) -> Evidence:
        """What is left of the run."""
        commits = list(self.store.scan())
        events = [event for commit in commits for event in commit.recorded()]
        return Evidence(commits, self.log_events(), [self.projected(events)])

    def log_events(self) -> list[Recorded]:
        """Every record, partition by partition."""
        return [from_wire(value) for value in self.log.values()]

    def projected(self, events: list[Recorded]) -> Projected:
        """The projector's state beside the fold of the store."""
        streams = frozenset(event.stream for event in events)
        live = {view.name: self.projections.generation(view.name) for view in self.views}
        projections = [
            refolded(view, dict(self.projections.documents(found.collection)) if found else {}, events)
            for view in self.views
            for found in [live[view.name]]
        ]
        parked = frozenset(stream for _, stream in self.projections.parked())
        waiting = frozenset(event.stream for event in self.projections.early())
        return Projected("pages", streams, self.projections.heads(streams), projections, parked | waiting)
