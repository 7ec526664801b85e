#!/usr/bin/env python3
"""The command line: `quickstart` sets up and serves, `test` runs the tests, every other command is Django's."""

import sys

from site_config import bootstrap

if __name__ == "__main__":
    bootstrap.main(sys.argv)
