#!/bin/sh
# Install Debian packages that are missing, or say which: `install-packages.sh test` for what the tests need,
# `install-packages.sh pdf` for what draws PDF files (where it may install nothing it says so, and goes on), or
# `install-packages.sh NAME…` for these.
set -eu

missing=""
need() { # need PACKAGES COMMAND… : one of the commands must be there, else the packages are missing
    packages=$1
    shift
    for command in "$@"; do
        if command -v "$command" >/dev/null 2>&1; then return; fi
    done
    missing="$missing $packages"
}

need_pango() {
    # Where there is no ldconfig (macOS), the program itself says what is missing.
    PATH=$PATH:/sbin:/usr/sbin command -v ldconfig >/dev/null 2>&1 || return 0
    known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
    for library in libpango-1.0 libpangoft2-1.0 libharfbuzz-subset; do
        case $known in
        *"$library.so"*) ;;
        *)
            missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
            return 0
            ;;
        esac
    done
}

if [ "$1" = pdf ]; then
    need_pango
    # shellcheck disable=SC2086
    if [ -n "$missing" ] && ! "$0" $missing 2>/dev/null; then
        echo "PDF files cannot be made yet; everything else works. For them: sudo apt-get install$missing" >&2
    fi
    exit 0
elif [ "$1" = test ]; then
    need_pango
    need "chromium fonts-liberation" chromium chromium-browser google-chrome
    need nginx-light nginx
    # A real Neo4j for the half of the tests that runs on it: somebody else's, Docker's, or under Java.
    if [ -z "${NEO4J_URI:-}" ] && ! docker info >/dev/null 2>&1; then
        need openjdk-17-jre-headless java
        need maven mvn
    fi
else
    missing=" $*"
fi

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Please install these first:$missing" >&2
    echo "On Debian or Ubuntu: sudo apt-get install$missing" >&2
    exit 1
fi
