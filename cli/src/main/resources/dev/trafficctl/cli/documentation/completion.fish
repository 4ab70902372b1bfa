# Completion of trafficctl for fish: install it as ~/.config/fish/completions/trafficctl.fish

set -g __trafficctl_commands @PATHS@
set -g __trafficctl_valued @VALUED@

# The command that the words so far name, such as "local up".
function __trafficctl_at
    set -l words (commandline -opc)
    set -l at ''
    set -l value no
    for word in $words[2..-1]
        if test $value = yes
            set value no
        else if string match -q -- "--" $word
            echo no command
            return
        else if contains -- $word $__trafficctl_valued
            set value yes
        else if contains -- (string trim -- "$at $word") $__trafficctl_commands
            set at (string trim -- "$at $word")
        end
    end
    printf '%s\n' "$at"
end

function __trafficctl_is
    test (__trafficctl_at) = "$argv[1]"
end

# Prints what the cluster or the machine knows; the words so far say what cluster is meant.
function __trafficctl_ask
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    command -q $program; and command $program __complete $argv[1] -- $words[2..-1] 2>/dev/null </dev/null
end

complete -c trafficctl -f
@COMMANDS@
