"""Plugins of the suite."""
