import type { Facts } from "./facts.ts";
import { printed } from "./shared.ts";

/** The completion of fish, 3.0 or newer. Pure. */
export function fishScript({ known, explained }: Facts): string {
  const answers = known.map(
    ({ about, words }) => `        case ${quote(about)}\n            ${printed(words)}`,
  );
  const texts = [...explained].map(
    ([about, text]) => `        case ${quote(about)}\n            printf '%s' ${quote(text)}`,
  );
  return `# Completion of docc for fish, made from docc's own declarations by: docc completion fish
# docc completion fish > ~/.config/fish/completions/docc.fish

function __docc_known
    switch "$argv[1]"
${answers.join("\n")}
    end
end

function __docc_about
    switch "$argv[1]"
${texts.join("\n")}
    end
end

${machine}

complete -c docc -e
complete -c docc -f -a '(__docc_complete)'
`;
}

/** Between single quotes fish knows `\'` and `\\` alone. */
function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

const machine = `# Prints what may stand for a question, behind some text, with the explanations of what is about something.
function __docc_values
    set -l question $argv[1]
    set -l before $argv[2]
    set -l about $argv[3]
    set -e argv[1..3]
    for each in (__docc_known "$question")
        switch $each
            case @files
                __fish_complete_path (commandline -ct)
            case '@*'
                for found in (command docc __complete $each $argv 2>/dev/null)
                    printf '%s%s\\n' "$before" $found
                end
            case '*'
                set -l text (__docc_about "$about$each")
                printf '%s%s\\t%s\\n' "$before" $each "$text"
        end
    end
end

function __docc_complete
    set -l line (commandline -opc)
    set -e line[1]
    set -l typed (commandline -ct)
    set -l name ''
    set -l pending ''
    set -l used
    set -l place 1
    for each in $line
        if test -z "$name"
            set name $each
        else if test -n "$pending"
            set pending ''
        else
            switch $each
                case '-*=*'
                    set -a used (string replace -r '=.*' '' -- $each)
                case '-*'
                    set -a used $each
                    contains -- $each (__docc_known "$name valued"); and set pending $each
                case '*=*'
                    set -a used (string replace -r '=.*' '=' -- $each)
                case '*'
                    set place (math $place + 1)
            end
        end
    end

    if test -z "$name"
        string match -q -- '-*' $typed; and __docc_values options '' ''; or __docc_values commands '' ''
    else if test -n "$pending"
        __docc_values "$name $pending" '' '' $line
    else if string match -q -- '*=*' $typed
        set -l before (string replace -r '=.*' '=' -- $typed)
        set -l about $before
        string match -q -- '-*' $typed; and set about (string replace -r '=$' '' -- $before)
        __docc_values "$name $about" $before '' $line
    else
        if string match -q -- '-*' $typed
            __docc_values "$name options" '' ''
        else
            set -l here "$name $place"
            set -l answers (__docc_known $here)
            test (count $answers) -gt 0; or set here "$name rest"
            __docc_values $here '' '' $line
            __docc_values "$name keys" '' "$name "
        end | while read -l found
            contains -- (string split -m 1 \\t -- $found)[1] $used; or printf '%s\\n' $found
        end
    end
end`;
