"""python -m deploy.local.init: collections, indexes and topics of all services; may be run again at any time.

One process for all, because most of the time goes into loading the libraries they share.
"""

from importlib import import_module

from deploy.local.environment import service_environment
from deploy.local.instance import instance
from deploy.local.mongo_users import SERVICES
from services.eventsourcing.process import configure_logging
from services.eventsourcing.settings import Settings


def main() -> None:
    """Runs each service's own init with the rights of its worker."""
    here = instance()
    for service in SERVICES:
        configure_logging(service)
        settings = Settings.from_env(service, service_environment(here, service, "worker"))
        import_module(f"services.{service}.app").init(settings)


if __name__ == "__main__":
    main()
