"""`make bundle ARGS=PLATFORM`: one folder that holds the station with a Python of its own, and its archive.

platforms     for whom bundles are made: archive, wheels' tags, where Python comes from
interpreter   Python, from Maven or from a folder, without what the station never uses
packages      the locked wheels and the station's own, in `app`
bytecode      modules compiled ahead, the same bytes every time
texts         scripts and pages, and how words are filled in
launchers     what people start: `station`, and three names to double-click
startpage     what people read first
licences      the licence of every part
archive       .zip or .tar.gz, the same bytes every time
build         all of it, in order
trial         `make test-bundle`: builds, unpacks and uses bundles without any other Python
place         an unpacked bundle, and how its command is called
windows       the same for Windows, under Wine
"""
