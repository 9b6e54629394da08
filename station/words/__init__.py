"""Languages, and words for what the station knows.

i18n     the language, switchable at any time
present  states in words
talk     stdout and stderr of every command
"""
