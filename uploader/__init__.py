"""Delivery of takes to the server, with proof. Imports only config."""
