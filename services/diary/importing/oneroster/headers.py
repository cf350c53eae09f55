"""Header rows as they come: any order, any case, vendor columns, slips of spelling."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_COMMON: Final = "sourcedId status dateLastModified "
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    file: tuple((_COMMON + names).split())
    for file, names in {
        "orgs.csv": "name type identifier parentSourcedId",
        "academicSessions.csv": "title type startDate endDate parentSourcedId schoolYear",
        "courses.csv": "schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes",
        "classes.csv": "title grades courseSourcedId classCode classType location schoolSourcedId "
        "termSourcedIds subjects subjectCodes periods",
        "users.csv": "enabledUser orgSourcedIds role username userIds givenName familyName middleName "
        "identifier email sms phone agentSourcedIds grades password userMasterIdentifier "
        "preferredGivenName preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns "
        "metadata.position metadata.roles",
        "enrollments.csv": "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
        "roles.csv": "userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId",
        "manifest.csv": "propertyName value",
    }.items()
}

# names of the 1.0 draft and of other vendors
_OTHER_NAMES: Final[Mapping[str, str]] = {
    "grade": "grades",
    "agents": "agentSourcedIds",
    "userid": "userIds",
    "schoolyearid": "schoolYearSourcedId",
    "termsourcedid": "termSourcedIds",
    "metadata.jobtitle": "metadata.position",
}
_LONG_ENOUGH: Final = 6


def columns_of(file: str, header: Sequence[str]) -> dict[str, int]:
    """Known column -> position; an exact name beats another name, which beats a misspelt one."""
    known = {name.lower(): name for name in COLUMNS[file]}
    cells = [(cell.strip().lower(), position) for position, cell in enumerate(header)]
    found: dict[str, int] = {}
    for spelling, position in cells:
        if spelling in known:
            found.setdefault(known[spelling], position)
    for spelling, position in cells:
        other = _OTHER_NAMES.get(spelling)
        if spelling not in known and other in COLUMNS[file]:
            found.setdefault(other, position)
    for spelling, position in sorted(cells):
        if spelling in known or spelling in _OTHER_NAMES:
            continue
        meant = _misspelt(spelling, (name for name in COLUMNS[file] if name not in found))
        if meant is not None:
            found[meant] = position
    return found


def _misspelt(spelling: str, names: Iterable[str]) -> str | None:
    if len(spelling) < _LONG_ENOUGH - 1:
        return None
    near = sorted(name for name in names if len(name) >= _LONG_ENOUGH and _one_slip(spelling, name.lower()))
    return near[0] if len(near) == 1 else None


def _one_slip(left: str, right: str) -> bool:
    """Whether one letter was changed, added, lost, or two neighbours were swapped."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
