#!/bin/sh
# The station with the Python that lies beside this file. Needs no program but the shell.
self=$0
if [ -L "$self" ]; then self=$(readlink -f -- "$self"); fi
case $self in */*) here=${self%/*} ;; *) here=. ;; esac
here=$(CDPATH= cd -- "$here" && pwd)
@window@python=$here/python/bin/python@version@
why=$("$python" -c 'import ctypes, sqlite3, ssl, zlib' 2>&1) || {
    echo "本机不能运行此程序：系统太旧、缺少系统库，或此处不允许运行程序。"
    echo "请把整个文件夹复制到硬盘再试，并阅读「先读我.txt」。"
    echo "This computer can't run the station: its system is too old, lacks a library, or allows no programs here."
    echo "Copy the whole folder to the disk, try again, and read 先读我.txt."
    echo "$why"
    @wait@exit 2
} >&2
@run@
