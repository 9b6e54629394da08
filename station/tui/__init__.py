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
encoding       what the terminal's keyboard sends and its screen shows
keyboard       bytes into messages: what can be understood is, the rest is dropped
output         what is written to a terminal, until its window is gone
driver         between Textual and a terminal on Linux
windows_input  the keyboard of Windows' console
terminal       an app in a real terminal, and how it ends where something breaks
app            modes, theme, languages; starts and stops the station
"""
