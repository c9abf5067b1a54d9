"""The telephone desk: orders which the office takes down for people without internet."""
