"""The station itself: the session, its commands and its screens."""

__version__ = "0.1.0"
