"""Checks of the way to the server.

certificates  why one is not trusted, in words
network       from the plug to a proven upload
"""
