"""Checks of the computer.

hardware      disk, memory, processor, power, time zone
system        what the operating system may do in the middle of a take
registry      what Windows notes, read with care
consent       who may use the microphone of Windows
privacy       who else can read the recordings
restart       restore cards
window        size and letters of the window
installation  is it the version that was given out
copies        other copies of the program
preparation   kit, roster, version, time left
"""
