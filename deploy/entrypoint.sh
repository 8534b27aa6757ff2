#!/bin/sh
# Puts the model that the image was built with into the data volume when there is none, then runs Lotsen.
set -eu
if [ ! -d "$LOTSEN_DATA_DIR/model" ]; then
    cp -r /app/trained/model "$LOTSEN_DATA_DIR/model"
fi
exec python -m bot "$@"
