#!/bin/bash
# Keeps a containerd busy until the file $1/stop is there: imports, removals with and without a collection, containers,
# snapshots, leases, at random, in two namespaces and with each snapshotter that is named.
#
#   containerd.sh HOME SEED SNAPSHOTTER...
source "$(dirname "$0")/until-stopped.sh"
cd "$1" || exit 1
RANDOM=$2
mine=churn$2
shift 2
snapshotters=("$@")

act() {
  local image=docker.io/library/image$((RANDOM % 6)):1
  local archive=image$((RANDOM % 6)).tar
  local name=$mine-$((RANDOM % 4))
  local on=(--snapshotter "$(one_of "${snapshotters[@]}")")
  export CONTAINERD_NAMESPACE=$(one_of default k8s.io)
  case $((RANDOM % 16)) in
    0 | 1 | 2) ctr image import "${on[@]}" "$archive" ;;
    3) ctr image import --no-unpack "$archive" ;;
    4 | 5) ctr image rm "$image" ;;
    6) ctr image rm --sync "$image" ;;
    7) ctr image tag --force "$image" "docker.io/library/$name:latest" ;;
    8) ctr image rm "docker.io/library/$name:latest" ;;
    9) ctr container create "${on[@]}" "$image" "$name" ;;
    10) ctr run -d --null-io "${on[@]}" "$image" "$name" /bin/sh -c 'head -c 40000 /dev/zero >/own; sleep 1000' ;;
    11) ctr task kill -s SIGKILL "$name"; ctr task rm -f "$name"; ctr container rm "$name" ;;
    12) ctr run --rm --null-io "${on[@]}" "$image" "$name" /bin/true ;;
    13) ctr snapshot "${on[@]}" prepare "$name-loose" "$(ctr snapshot "${on[@]}" ls | awk '/Committed/ { print $1; exit }')"
      ctr snapshot "${on[@]}" label "$name-loose" containerd.io/gc.root=held ;;
    14) ctr snapshot "${on[@]}" rm "$name-loose" ;;
    15) ctr leases create --id "$name" && ctr leases rm $(one_of --sync '') "$name" ;;
  esac
}

until_stopped
for namespace in default k8s.io; do
  for number in 0 1 2 3; do
    ctr -n $namespace task kill -s SIGKILL "$mine-$number"
    ctr -n $namespace task rm -f "$mine-$number"
    ctr -n $namespace container rm "$mine-$number"
  done
done >/dev/null 2>&1
