"""Work that is done after the answer, by a process of its own."""

LATER = -10
"""The priority of what nobody waits for: an import brings thousands of these, and mails are not to stand behind them."""
