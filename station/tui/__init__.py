"""The terminal screens: the only package that imports textual.

scanner        tells a barcode scanner from a person
numbers        pupils' numbers as keyboards deliver them
notation       numbered notation above its words
port           what the screens need of a station
actions        one table of keys: bindings, footer, palette and help come from it
base           what every screen shares
closing        screens over others are closed once
dialogs        questions before anything final
widgets        parts of screens
screens        one file per screen
app_actions    actions that ask first or go to another screen
terminal       between the screens and a real terminal
app            modes, theme, languages; starts and stops the station
"""
