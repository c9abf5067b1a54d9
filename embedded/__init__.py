"""PostgreSQL and Valkey from wheels: the servers of the demo and of the tests, with nothing to set up.

In production both come from outside (`DATABASE_URL`, `REDIS_URL`) and nothing in here runs.
"""
