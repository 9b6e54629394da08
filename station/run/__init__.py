"""The running station.

pins           codes of persons, as slow hashes
lock           one station per data folder
logs           the log
pace           how long a pupil takes here
conductor      the one thread that owns the session
effect_runner  does the effects of the session
delivering     the session's side of the uploader
rehearsing     an afternoon that is not one: nothing goes anywhere
ceremony       what is asked of those who open, close, seal, clear
sealing        what is sealed is written down, what is proven elsewhere is removed
single_take    one take without the screens
options        how one run differs
station        all parts, started and stopped in order
rehearsal      one from begin to end, in a folder that is gone afterwards
"""
