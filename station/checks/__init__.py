"""The self-test: checks as data, used by the Self-test screen, `station selftest` and `station doctor`.

check      what a check and its result are          runner    runs them, each within its time limit
catalogue  the one list of all checks, in order     bench     what checks measure with (settings, headset)
sound, capture, playback, voice, computer, window, system, restart, network, material   one file each
estimate   how long checks take         fingerprint  what a pass stands for
registry, consent   what Windows notes, read with care
store      the last pass                             report    the page for the inspector
"""
