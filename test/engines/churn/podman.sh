#!/bin/bash
# Keeps a podman store busy until the file $1/stop is there: builds, runs, commits, removals, prunes, volumes, at random.
#
#   podman.sh HOME SEED PODMAN OPTION...
source "$(dirname "$0")/until-stopped.sh"
cd "$1" || exit 1
RANDOM=$2
mine=churn$2
shift 2
engine=("$@")
p() { "${engine[@]}" "$@"; }
any_container() { p ps -aq --filter "label=by=$mine" | shuf -n 1 --random-source=<(yes $RANDOM); }
limits=(--network none --ulimit nofile=256:256 --ulimit nproc=256:256 --label "by=$mine")

build() {
  mkdir -p "$mine" && head -c $((RANDOM % 20000 + 1)) /dev/zero >"$mine/file"
  cat >"$mine/Containerfile" <<D
FROM $(one_of localhost/base:1 localhost/$mine:1)
COPY file /tmp/$RANDOM
RUN mkdir -p /d; head -c $RANDOM /dev/zero >/d/x
RUN rm -rf /d; ln -s x /link$RANDOM
D
  p build -q --network none $(one_of --layers --layers=false) -t "localhost/$mine:$((RANDOM % 3))" "$mine"
}

act() {
  case $((RANDOM % 13)) in
    0 | 1 | 2) build ;;
    3) p run -d "${limits[@]}" -v /anonymous localhost/base:1 sh -c 'head -c 40000 /dev/zero >/own; echo said; sleep 1000' ;;
    4) p run "${limits[@]}" -v "$mine-data:/data" localhost/base:1 sh -c 'echo done >/data/x' ;;
    5) p create "${limits[@]}" localhost/base:1 ;;
    6 | 7) p rm -fv -t 0 "$(any_container)" ;;
    8) p commit -q "$(any_container)" "localhost/$mine:commit" ;;
    9) p container prune -f --filter "label=by=$mine" ;;
    10) p image prune -f ;;
    11) p rmi "localhost/$mine:$((RANDOM % 3))" ;;
    12) p volume prune -f && p volume create ;;
  esac
}

until_stopped
p ps -aq --filter "label=by=$mine" | xargs -r "${engine[@]}" rm -fv -t 0 >/dev/null
