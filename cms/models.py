"""All pages of the editors."""

from cms.model_parts.events import EventIndexPage, EventPage
from cms.model_parts.home import HomePage
from cms.model_parts.texts import StandardPage, StoryIndexPage, StoryPage

__all__ = ["EventIndexPage", "EventPage", "HomePage", "StandardPage", "StoryIndexPage", "StoryPage"]
