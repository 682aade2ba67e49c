# For the scripts beside this one: `until_stopped HOME` calls `act` again and again, in HOME, until the file `stop` is
# there. While the file `pause` is there it rests, and says so with a file of its own.
one_of() { local words=("$@"); echo "${words[RANDOM % ${#words[@]}]}"; }

until_stopped() {
  while [ ! -e stop ]; do
    if [ -e pause ]; then
      touch "resting-$mine"
      sleep 0.05
    else
      rm -f "resting-$mine"
      act >/dev/null 2>&1
    fi
  done
}
