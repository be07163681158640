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
