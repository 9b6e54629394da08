"""Tests for Windows only, and the list of tests that Wine can't run."""
