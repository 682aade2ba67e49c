#!/bin/bash
# Keeps a docker busy until the file $1/stop is there: builds, runs, commits, removals, prunes, volumes, at random.
#
#   docker.sh HOME SEED
source "$(dirname "$0")/until-stopped.sh"
cd "$1" || exit 1
RANDOM=$2
mine=churn$2
any_container() { docker ps -aq --filter "label=by=$mine" | shuf -n 1 --random-source=<(yes $RANDOM); }

build() {
  mkdir -p "$mine" && head -c $((RANDOM % 20000 + 1)) /dev/zero >"$mine/file"
  cat >"$mine/Dockerfile" <<D
FROM $(one_of base:1 $mine:1)
COPY file /tmp/$RANDOM
RUN $1 mkdir -p /d /c; head -c $RANDOM /dev/zero >/c/$((RANDOM % 5)); echo $RANDOM >/d/x
RUN rm -rf /d; ln -s x /link$RANDOM
D
  DOCKER_BUILDKIT=$2 docker build --network none -t "$mine:$((RANDOM % 3))" "$mine"
}

act() {
  case $((RANDOM % 16)) in
    0 | 1) build '' 0 ;;
    2 | 3) build "--mount=type=cache,target=/c" 1 ;;
    4 | 5) docker run -d --network none --label by=$mine --stop-signal SIGKILL -v /anonymous base:1 sh -c 'head -c 40000 /dev/zero >/own; echo said; sleep 1000' ;;
    6) docker run --network none --label by=$mine -v "$mine-data:/data" base:1 sh -c 'echo done >/data/x' ;;
    7) docker create --network none --label by=$mine base:1 ;;
    8 | 9) docker rm -fv "$(any_container)" ;;
    10) docker commit "$(any_container)" "$mine:commit" ;;
    11) docker container prune -f --filter "label=by=$mine" ;;
    12) docker image prune -f ;;
    13) docker rmi "$mine:$((RANDOM % 3))" ;;
    14) docker volume prune -f && docker volume create ;;
    15) docker builder prune -f $(one_of -a '') ;;
  esac
}

until_stopped
docker ps -aq --filter "label=by=$mine" | xargs -r docker rm -fv >/dev/null
