"""What a test needs beside Python packages: where it is, and what happens where it is not."""

from __future__ import annotations

import os

import pytest

from tests.server import ROOT

TOOLS = ROOT / "tests" / "tools"
"""The checkers that npm installs."""


def lacking(what: str) -> None:
    """Skips what cannot run on this machine; fails where all of it has to."""
    if os.environ.get("MASTHEAD_REQUIRE_BROWSER"):
        pytest.fail(f"{what}, and MASTHEAD_REQUIRE_BROWSER is set.")
    pytest.skip(f"{what}.")
