"""The terminal screens: the only package that imports textual.

scanner        tells a person's key from a scanner's burst and from a held key
guarded        an app in which only a person's key acts
numbers        pupils' numbers as keyboards deliver them
notation       a song as numbers or on a staff, page by page
primary        what Enter does now
conditions     when a key does something
actions        one table of keys: bindings, footer, palette and help come from it
port           what the screens need of a station, and of the app
base           what every screen shares
pupillist      a list of pupils with a field for a number
closing        screens over others are closed once
dialogs        questions before anything final
asking         questions of the self-test, asked from its thread
widgets        parts of screens
screens        one file per screen
app_actions    actions that ask first or go to another screen
terminal       between the screens and a real terminal
app            modes, theme, languages; starts and stops the station
"""
