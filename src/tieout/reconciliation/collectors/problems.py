"""What can be wrong with facts; the words stand in the catalogue of problems."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class FactsDiffer(Problem):
    """Facts are not what a side publishes: somebody changed what happened, or a collection missed it."""

    code = "REC-101"
    buckets: int
    example: str


class NoSuchBucket(Problem):
    """No facts are collected under that name."""

    code = "REC-102"
    view: str
    views: tuple[str, ...]
