# Sourced by ./start and ./test: Debian packages, Python and wheels; only what is missing is installed.
# shellcheck shell=sh

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Prints the Debian package unless the machine already has what the package is wanted for.
# Libraries and commands are looked for, not packages, so that this works on systems without dpkg too.
lacking() {
    case $1 in
    libpango-1.0-0) has_library libpango-1.0.so.0 ;;
    libpangoft2-1.0-0) has_library libpangoft2-1.0.so.0 ;;
    libharfbuzz-subset0) has_library libharfbuzz-subset.so.0 ;;
    fontconfig) has_command fc-match ;;
    redis-server) has_command redis-server ;;
    python3-venv) "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ;;
    postgresql) has_command psql && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ;;
    chromium) has_command chromium ;;
    poppler-utils) has_command pdftotext ;;
    qpdf) has_command qpdf ;;
    gettext) has_command xgettext ;;
    openssl) has_command openssl ;;
    softhsm2) [ -e /usr/lib/softhsm/libsofthsm2.so ] ;;
    fonts-noto-cjk) has_command fc-list && [ -n "$(fc-list ':lang=zh-cn' file 2>/dev/null | head -n 1)" ] ;;
    *) false ;;
    esac || printf '%s ' "$1"
}

has_command() { command -v "$1" >/dev/null 2>&1; }

has_library() {
    for folder in /usr/lib/*-linux-gnu /lib/*-linux-gnu /usr/lib64 /usr/lib /usr/local/lib; do
        [ -e "$folder/$1" ] && return 0
    done
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q "$1"
}

find_python() {
    for PYTHON in python3 python3.14 python3.13 python3.12 python3.11; do
        "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return 0
    done
    fail "Python 3.11 or later is needed; Debian and Ubuntu have it in the package python3."
}

# need_packages NAME...: installs those that are missing with apt, or says which they are and ends.
need_packages() {
    missing=$(for package; do lacking "$package"; done)
    [ -n "$missing" ] || return 0
    has_command apt-get || fail "These have to be installed first (Debian's names of the packages): $missing"
    if [ "$(id -u)" -eq 0 ]; then
        root=
    elif has_command sudo; then
        root=sudo
    else
        fail "These have to be installed first; an administrator does it with: apt-get install $missing"
    fi
    say "Installing $missing"
    without_services install_packages || fail "apt could not install $missing"
}

# What apt says is shown only when it fails.
install_packages() {
    said=$(mktemp)
    # shellcheck disable=SC2086 # the list is split on purpose
    if { apt_get install $missing || { apt_get update && apt_get install $missing; }; } >"$said" 2>&1; then
        rm -f "$said"
    else
        cat "$said" >&2
        rm -f "$said"
        return 1
    fi
}

apt_get() { $root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@"; }

# Packages of servers start them at once and at each boot, unless this says no; here nothing runs that did not before.
policy=/usr/sbin/policy-rc.d
without_services() {
    placed=
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | $root tee "$policy" >/dev/null && $root chmod 755 "$policy" && placed=1
        # shellcheck disable=SC2064 # the values of now
        trap "${placed:+$root rm -f $policy}" EXIT
    fi
    "$@"
    outcome=$?
    if [ -n "$placed" ]; then
        $root rm -f "$policy"
        trap - EXIT
    fi
    if [ -d /run/systemd/system ]; then
        for service in redis-server postgresql; do
            case " $missing" in *" $service "*) $root systemctl disable --quiet "$service" >&2 || true ;; esac
        done
    fi
    return $outcome
}

# made_for LOCK: whether .venv holds what the lock names, for this Python and in this place.
made_for() { [ -x .venv/bin/python ] && [ "$(cat ".venv/stamp-$1" 2>/dev/null)" = "$(stamp_of "$1")" ]; }

stamp_of() { printf '%s\n' "$(cksum <"$1") $("$PYTHON" -V) $PWD"; }

# need_wheels LOCK: makes .venv and installs what the lock names, each file checked against its hash.
need_wheels() {
    made_for "$1" && return 0
    if ! .venv/bin/python -c '' 2>/dev/null || ! grep -qsF "$PWD/.venv/" .venv/bin/pip; then
        # A link is given up; what it leads to is somebody's, and would be emptied.
        [ ! -L .venv ] || rm .venv || fail "The link .venv could not be removed."
        "$PYTHON" -m venv --clear .venv || fail "The folder .venv could not be made."
    fi
    say "Installing the Python packages of $1"
    rm -f .venv/stamp-*
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
        --only-binary :all: --no-deps --no-compile -r "$1" >&2 ||
        fail "The Python packages of $1 could not be installed."
    stamp_of "$1" >".venv/stamp-$1"
}
