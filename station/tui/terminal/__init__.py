"""Between the screens and a real terminal: what comes from it, what goes to it, and how the screens end.

encoding       what the terminal's keyboard sends and its screen shows
keyboard       bytes into messages: what can be understood is, the rest is dropped
output         what is written to a terminal, until its window is gone
driver         between Textual and a terminal on Linux
windows_input  the keyboard of Windows' console
terminal_app   an app in a real terminal, and how it ends where something breaks
"""
