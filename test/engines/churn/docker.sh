#!/bin/bash
# Keeps a docker busy until the file $1/stop is there: builds, runs, commits, removals, prunes, volumes, at random.
#
#   docker.sh HOME SEED
cd "$1" || exit 1
RANDOM=$2
mine=churn$2
d() { docker "$@" >/dev/null 2>&1; }
one_of() { local words=("$@"); echo "${words[RANDOM % ${#words[@]}]}"; }
any_container() { docker ps -aq --filter "label=by=$mine" | shuf -n 1 --random-source=<(yes $RANDOM); }

build() {
  mkdir -p "$mine" && head -c $((RANDOM % 20000 + 1)) /dev/zero >"$mine/file"
  cat >"$mine/Dockerfile" <<D
FROM $(one_of base:1 $mine:1)
COPY file /tmp/$RANDOM
RUN $1 mkdir -p /d /c; head -c $RANDOM /dev/zero >/c/$((RANDOM % 5)); echo $RANDOM >/d/x
RUN rm -rf /d; ln -s x /link$RANDOM
D
  DOCKER_BUILDKIT=$2 d build --network none -t "$mine:$((RANDOM % 3))" "$mine"
}

while [ ! -e stop ]; do
  case $((RANDOM % 16)) in
    0 | 1) build '' 0 ;;
    2 | 3) build "--mount=type=cache,target=/c" 1 ;;
    4 | 5) d run -d --network none --label by=$mine --stop-signal SIGKILL -v /anonymous base:1 sh -c 'head -c 40000 /dev/zero >/own; echo said; sleep 1000' ;;
    6) d run --network none --label by=$mine -v "$mine-data:/data" base:1 sh -c 'echo done >/data/x' ;;
    7) d create --network none --label by=$mine base:1 ;;
    8 | 9) d rm -fv "$(any_container)" ;;
    10) d commit "$(any_container)" "$mine:commit" ;;
    11) d container prune -f --filter "label=by=$mine" ;;
    12) d image prune -f ;;
    13) d rmi "$mine:$((RANDOM % 3))" ;;
    14) d volume prune -f && d volume create ;;
    15) d builder prune -f $(one_of -a '') ;;
  esac
done
docker ps -aq --filter "label=by=$mine" | xargs -r docker rm -fv >/dev/null
