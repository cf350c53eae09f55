"""The lives of a family, a teacher and an operator, one after the other in one running system."""

from tests.kit.living import school, system

__all__ = ["school", "system"]
