"""What the station is told: settings, kit, roster, and where its data lives. Imports none of ours.

message   sentences for people      errors    root of the error tree
settings  station.toml as models    load      file + environment -> Settings
kit       the test material         roster    the expected pupils
datadir   names of files in the data folder
database  the one SQLite file, opened durably
console   who is at the standard streams, and their letters
replacing files that take their final name, or go
filenames names that every system can have
"""
