"""The terminal screens: the only package that imports textual.

app      modes, theme, languages; starts and stops the station
port     what the screens need of a station
actions  one table of keys: bindings, footer, palette and help come from it
screens  one file per screen: compose, show(view), tick(now)
widgets  values in, nothing else
"""
