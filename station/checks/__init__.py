"""The self-test: checks as data, used by the Self-test screen, `station selftest` and `station doctor`.

check      what a check and its result are          runner    runs them, each within its time limit
catalogue  the one list of all checks, in order     bench     what checks measure with (settings, headset)
sound, playback, computer, system, restart, network, material   one file per subject
store      the last pass and its fingerprint        report    the page for the inspector
"""
