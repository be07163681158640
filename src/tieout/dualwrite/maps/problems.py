"""What can be wrong with a map; the words stand in the catalogue of problems."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class MapNotRunning(Problem):
    """The map states no changes now, so that nothing can be asked of it."""

    code = "DW-201"
    map: str


class MapVersionTooOld(Problem):
    """The map's version is below the one that its columns need."""

    code = "DW-202"
    map: str
    version: str
    required: str


class UnknownMap(Problem):
    """There is no map of that name."""

    code = "DW-206"
    map: str
    maps: tuple[str, ...]


class MapPaused(Problem):
    """The map keeps what is stated and delivers nothing."""

    code = "DW-211"
    map: str


class RecordsRefused(Problem):
    """The other side refused records of the map; they wait parked."""

    code = "DW-212"
    map: str
    count: int


class MapLags(Problem):
    """The map runs, and yet something has waited for long: nothing delivers it."""

    code = "DW-213"
    map: str
    lag: str


class KeyNotUnique(Problem):
    """The table that the map lands in would take the same record twice."""

    code = "DW-214"
    map: str
    table: str
    key: str
