#compdef trafficctl
# Completion of trafficctl for zsh: install it as _trafficctl in a directory of $fpath.

@COMMANDS@
# Offers what the cluster or the machine knows; $1 is the kind, the rest the words so far, which say what cluster is
# meant.
_trafficctl_ask() {
  local program=${(Q)words[1]}
  [[ $program == '~/'* ]] && program=$HOME/${program[3,-1]}
  local -a candidates
  candidates=("${(@f)$("$program" __complete "$1" -- "${@:2}" 2>/dev/null </dev/null)}")
  candidates=(${candidates:#})
  compadd -a candidates
}

_trafficctl() {
  local -a before subcommands options
  local at='' wanted='' parameter='' word current=$words[CURRENT]
  before=("${(@Q)words[2,CURRENT-1]}")
  for word in "${before[@]}"; do
    if [[ -n $wanted ]]; then
      wanted=''
    elif [[ $word == -- ]]; then
      return 1
    elif [[ $word == -* ]]; then
      [[ $word == *=* ]] || _trafficctl_value "$at" "$word"
    elif _trafficctl_command "${at:+$at }$word"; then
      at=${at:+$at }$word
    fi
  done
  _trafficctl_command "$at"
  if [[ -z $wanted && $current == --*=* ]]; then
    _trafficctl_value "$at" "${current%%=*}"
    compset -P 1 '*='
  elif [[ -z $wanted && $current == -* ]]; then
    _describe -o option options
    return
  elif [[ -z $wanted && ${#subcommands} -gt 0 ]]; then
    _describe command subcommands
    return
  elif [[ -z $wanted ]]; then
    wanted=$parameter
  fi
  case $wanted in
    '' | @none | @any) return 1 ;;
    @files) _files ;;
    @directories) _files -/ ;;
    @*) _trafficctl_ask "${wanted#@}" "${before[@]}" ;;
    *) compadd -- ${=wanted} ;;
  esac
}

if [[ $funcstack[1] == _trafficctl ]]; then
  _trafficctl "$@"
else
  compdef _trafficctl trafficctl
fi
