#!/bin/sh
# Makes the credentials that compose.yaml mounts. What exists is kept. Needs nothing but a shell.
set -eu
directory=${1:-$(dirname "$0")/secrets}
mkdir -p "$directory"
chmod 700 "$directory" # the directory protects the files: containers read them as another user

make_secret() { # name, bytes
    if [ -s "$directory/$1" ]; then return; fi
    head -c "$2" /dev/urandom | base64 | tr -d '\n' > "$directory/$1"
    chmod 644 "$directory/$1"
}

make_secret mongo.key 72
make_secret master.key 32
make_secret service.secret 32
make_secret seal.key 32
for user in root vault ops identity-web identity-worker diary-web diary-worker notify-web notify-worker \
    gateway-web gateway-worker; do
    make_secret "mongo-$user.password" 24
done
echo "Credentials are in $directory. Keep master.key: without it no name in the database can be read again."
