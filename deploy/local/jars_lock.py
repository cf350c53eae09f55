"""Writes kafka.lock again: python -m deploy.local.jars_lock (after a change of the version below)."""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

from jgo.maven import Dependency, MavenContext
from jgo.parse import Endpoint

from deploy.local.jars import LOCK

# slf4j-simple writes Kafka's own log; without a binding Kafka is silent.
ROOTS = ["org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36"]


def main() -> None:
    """Resolves the roots with everything they need at run time, downloads and writes down the checksums."""
    with tempfile.TemporaryDirectory() as scratch:
        maven = MavenContext(repo_cache=Path(scratch), timeout=60)
        coordinates = [Endpoint.parse(root).coordinates[0] for root in ROOTS]
        roots = [maven.create_dependency(replace(one, scope="compile")) for one in coordinates]
        inputs, transitive = maven.resolver.resolve(roots)
        needed = [*inputs, *(one for one in transitive if one.scope in ("compile", "runtime"))]
        lines = [_line(one) for one in needed]
    LOCK.write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} jars in {LOCK.name}")


def _line(jar: Dependency) -> str:
    digest = hashlib.sha256(jar.artifact.resolve().read_bytes()).hexdigest()
    return f"{jar.groupId}:{jar.artifactId}:{jar.version} {digest}"


if __name__ == "__main__":
    main()
