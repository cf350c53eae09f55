"""One node of Apache Kafka (KRaft, broker and controller in one process)."""

import base64
import hashlib
import socket
import struct
import subprocess
from pathlib import Path

from deploy.local.errors import CannotStart
from deploy.local.jars import Progress, classpath
from deploy.local.java import java
from deploy.local.process import Program

HOST = "127.0.0.1"
# Facts are kept for ever; a killed broker is back in 4 seconds instead of 13 thanks to the short session.
SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
log.retention.ms=-1
log.retention.bytes=-1
message.max.bytes=2097152
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=3
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=3
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=4194304
"""
# The first compiler only: half the processor time of a start and 30 MB less; a broker mostly waits for the disk.
LEAN = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
QUIET = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss",
)


class Kafka:
    """Where the node lives and how it is started; holds no process itself."""

    def __init__(self, directory: Path, port: int, controller: int, heap_mb: int = 320) -> None:
        self.directory = directory
        self.port = port
        self.controller = controller
        self.heap_mb = heap_mb
        self.log = directory / "kafka.log"

    @property
    def bootstrap(self) -> str:
        return f"{HOST}:{self.port}"

    def prepare(self, progress: Progress = lambda done, total: None) -> None:
        """Fetches the jars when they are not there yet, writes the settings, formats new storage."""
        self.directory.mkdir(parents=True, exist_ok=True)
        data = self.directory / "data"
        self._settings.write_text(SETTINGS.format(host=HOST, port=self.port, controller=self.controller, data=data))
        self._runtime = java()
        self._classpath = ":".join(str(jar) for jar in classpath(progress))
        if not (data / "meta.properties").exists():
            self._format()

    def program(self) -> Program:
        """The broker's command line; `prepare` comes first."""
        heap = (f"-Xms{self.heap_mb // 4}m", f"-Xmx{self.heap_mb}m")
        command = [*self._java(*heap), "kafka.Kafka", str(self._settings)]
        return Program("kafka", command, self.log, directory=self.directory)

    def ready(self) -> bool:
        """True when the broker answers a protocol request, not only when its port is open."""
        request = struct.pack(">hhih", 18, 0, 1, -1)  # ApiVersions, version 0, correlation 1, no client id
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                connection.sendall(struct.pack(">i", len(request)) + request)
                answer = connection.recv(10)
        except OSError:
            return False
        return len(answer) == 10 and struct.unpack(">iih", answer)[1:] == (1, 0)

    @property
    def _settings(self) -> Path:
        return self.directory / "server.properties"

    def _java(self, *options: str) -> list[str]:
        return [str(self._runtime), *LEAN, *options, *QUIET, "-cp", self._classpath]

    def _format(self) -> None:
        digest = hashlib.sha256(str(self.directory).encode()).digest()[:16]
        cluster = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        command = [*self._java(), "kafka.tools.StorageTool", "format"]
        command += [f"--cluster-id={cluster}", "-c", str(self._settings)]  # an id may begin with a hyphen
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotStart(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")
