from __future__ import annotations

import pytest

# Their asserts explain themselves as those of the checks do.
pytest.register_assert_rewrite("tests.contract.envelope", "tests.contract.target", "tests.contract.workshop")
