"""The day by the book, from the rehearsal to the clearing, by a scripted proctor at the real screens.

accelerated  the station that it happens on: ten times as fast, with singers and with misfortunes
agreement    screens, journal, seal, queue, forms and the server's store must say the same in the end
material     settings, roster and kit
pace         what a pupil costs beyond the kit's own
proctor      looks, presses, and looks whether it did something
steps        the stages, one after another
test_book    the day
test_pace    two pupils at the pace of a real afternoon
"""
