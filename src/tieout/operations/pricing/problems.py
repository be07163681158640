"""What a question about prices can name wrongly."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class PricingUnknown(Problem):
    """The project, role or resource of a question is not set up."""

    code = "LOAD-362"
    field: str
    value: str
    company: str
