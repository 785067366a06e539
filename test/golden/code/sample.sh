#!/bin/bash
# Reads things.
set -eu
LIMIT=10
export NAME="a b"

# Helps.
helper() {
  echo "$LIMIT helper"
}

function read-all {
  for file in "$@"; do
    helper "$file" # helper
  done
}

if [ -n "$NAME" ]; then
  read-all a b c d e f g h i j k l m n o p q r s t u v w x y z
  echo '😀 read-all'
fi
