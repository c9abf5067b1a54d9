"""The plan of a round as rows: drawn by the computer, changed by hand, kept and compared, searched for in the background."""
