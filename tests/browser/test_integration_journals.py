"""The integration journal as an accountant meets it: post, see what was refused, mend, post again."""

from __future__ import annotations

import pytest
from tests.browser import test_time

pytestmark = pytest.mark.browser
at, person = test_time.at, test_time.person
