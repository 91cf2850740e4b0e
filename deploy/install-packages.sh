#!/bin/sh
# Install Debian packages that are missing, or say which: `install-packages.sh test` for what the tests need,
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

if [ "$1" = test ]; then
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
