"""A stock django-oscar 4.2, set up by the benchmark itself: the rival that everybody starts from."""
