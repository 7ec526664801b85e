"""What breaks a site, what readers and writers get then, and the table of README that says so."""
