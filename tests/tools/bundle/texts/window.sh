self=$here/${self##*/}
# A double click gives no window: find one, and begin there anew.
if ! [ -t 0 ] || ! [ -t 1 ]; then
    for window in deepin-terminal gnome-terminal konsole mate-terminal ukui-terminal xfce4-terminal \
        x-terminal-emulator xterm
    do
        command -v "$window" >/dev/null || continue
        case $window in
            gnome-terminal) exec "$window" -- "$self" ;;
            mate-terminal | ukui-terminal | xfce4-terminal) exec "$window" -x "$self" ;;
            *) exec "$window" -e "$self" ;;
        esac
    done
    echo "请在终端中运行。 Run this in a terminal." >&2
    exit 2
fi
