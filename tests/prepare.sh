#!/usr/bin/env bash
# Installs the servers and the browser that the tests meet, where the machine lets us.
set -u
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v dovecot >/dev/null || missing+=(dovecot-core dovecot-imapd dovecot-lmtpd)
command -v npm >/dev/null || missing+=(nodejs npm)
if [ ${#missing[@]} -gt 0 ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installerar ${missing[*]} ..."
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1
fi
if command -v npm >/dev/null && [ ! -d tests/bot/teams/node_modules ]; then
    npm ci --prefix tests/bot/teams --no-audit --no-fund --silent >/dev/null 2>&1
fi
exit 0
