"""What the tests of the client share."""

from __future__ import annotations

import pytest
import stamina


@pytest.fixture
def quick_retries():
    stamina.set_testing(True, attempts=2, cap=True)
    yield
    stamina.set_testing(False)
