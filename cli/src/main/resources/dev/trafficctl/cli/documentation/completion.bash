# Completion of trafficctl for bash: source it, or install it as
# ~/.local/share/bash-completion/completions/trafficctl

@COMMANDS@
# Prints a candidate a line; $1 is the kind, the rest the words so far, which say what cluster is meant. Names come from
# there: nothing of them may be evaluated.
_trafficctl_ask() {
  local program=${words[0]}
  [[ $program == '~/'* ]] && program=$HOME/${program:2}
  "$program" __complete "$1" -- "${@:2}" 2>/dev/null </dev/null
}

_trafficctl() {
  local -a words candidates=() subcommands=() options=()
  local line=${COMP_LINE:0:COMP_POINT} at='' wanted='' parameter='' prefix='' i candidate current
  COMPREPLY=()
  # COMP_WORDS breaks URLs apart.
  read -ra words <<<"$line"
  case $line in
    *' ') current='' ;;
    *)
      current=${words[${#words[@]} - 1]}
      unset "words[${#words[@]}-1]"
      ;;
  esac
  for ((i = 1; i < ${#words[@]}; i++)); do
    if [[ -n $wanted ]]; then
      wanted=''
    elif [[ ${words[i]} == -- ]]; then
      return
    elif [[ ${words[i]} == -* ]]; then
      [[ ${words[i]} == *=* ]] || _trafficctl_value "$at" "${words[i]}"
    elif _trafficctl_command "${at:+$at }${words[i]}"; then
      at=${at:+$at }${words[i]}
    fi
  done
  _trafficctl_command "$at"
  if [[ -z $wanted && $current == --*=* ]]; then
    prefix=${current%%=*}=
    _trafficctl_value "$at" "${current%%=*}"
  elif [[ -z $wanted && $current == -* ]]; then
    candidates=("${options[@]}")
    wanted=@none
  elif [[ -z $wanted ]]; then
    candidates=("${subcommands[@]}")
    wanted=$parameter
  fi
  case $wanted in
    '' | @none | @any) ;;
    @files) compopt -o default 2>/dev/null ;;
    @directories) compopt -o dirnames 2>/dev/null ;;
    @*)
      while IFS= read -r candidate; do
        candidates+=("$(printf %q "$candidate")")
      done < <(_trafficctl_ask "${wanted#@}" "${words[@]:1}")
      ;;
    *) read -ra candidates <<<"$wanted" ;;
  esac
  # Readline replaces only what follows the last of these characters.
  local kept=''
  [[ $current == *[=:]* ]] && kept=${current%"${current##*[=:]}"}
  for candidate in "${candidates[@]}"; do
    candidate=$prefix$candidate
    [[ $candidate == "$current"* ]] && COMPREPLY+=("${candidate#"$kept"}")
  done
}

complete -F _trafficctl trafficctl
