"""A payment provider for practice: speaks as the real one does over HTTP, keeps its states and amounts, and moves no money."""
