"""The centre's half of the proof. Loads no network, no models, no sound.

stores  finished uploads in a server's folder
issuer  a receipt for each
"""
