"""`python -m benchmarks`: the pages against a bare Django page, and 20,000 articles against 1,000."""

from benchmarks import pages

if __name__ == "__main__":
    pages.main()
