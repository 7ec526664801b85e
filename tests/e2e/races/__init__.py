"""What the races over HTTP are made of: writers and readers in processes of their own, and the ledger that judges them."""
