"""Files of the session.

naming     how a session is called
material   what a session plays and records, and where
examiner   measures recorded files
anyfile    the same for any WAV, without a session
identity   whether name, tags and facts of a take agree
settle     what an earlier run left, before the first pupil
from_tags  facts of a take whose sidecar is gone
cleanup    what is kept beside the takes, and when it goes
salvage    a database that can't be used
rebuild    database and queue from the takes alone
"""
