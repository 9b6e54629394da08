"""One file per screen. A screen holds no state of the session: show(view) draws it anew."""
