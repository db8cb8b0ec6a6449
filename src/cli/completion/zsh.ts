import type { Facts } from "./facts.ts";
import { knownFunction, quote } from "./shared.ts";

/** The completion of zsh: to be sourced, or to lie in $fpath as _docc. Pure. */
export function zshScript(facts: Facts): string {
  const explained = [...facts.explained].map(
    ([about, text]) => `    ${quote(about)}) printf '%s' ${quote(text)} ;;`,
  );
  return `#compdef docc
# Completion of docc for zsh, made from docc's own declarations by: docc completion zsh
# In ~/.zshrc, behind compinit: source <(docc completion zsh)

${knownFunction(facts)}

__docc_about() {
  case $1 in
${explained.join("\n")}
  esac
}

${machine}

if [[ $funcstack[1] == _docc ]]; then
  _docc "$@"
elif (( $+functions[compdef] )); then
  compdef _docc docc
fi
`;
}

const machine = `# Offers what may stand for the question $1, with explanations of what is about $2. What the cluster says is data.
__docc_values() {
  local each about
  local -a plain waiting
  for each in \${(f)"$(__docc_known $1)"}; do
    case $each in
      @files) _files ;;
      @*) plain+=(\${(f)"$(command docc __complete $each "\${line[@]}" 2>/dev/null)"}) ;;
      *)
        [[ $used == *" $each "* ]] && continue
        about=$(__docc_about "$2$each")
        # A key waits for its value: no space behind it.
        if [[ $each == *[=.] ]]; then
          waiting+=("$each\${about:+:$about}")
        else
          plain+=("$each\${about:+:$about}")
        fi
        ;;
    esac
  done
  (( $#plain )) && _describe -t values value plain
  (( $#waiting )) && _describe -t keys key waiting -S ''
  return 0
}

_docc() {
  local each name='' pending='' used=' ' typed=$PREFIX
  integer place=0
  local -a valued line=("\${(@)words[2,CURRENT-1]}")
  for each in "\${line[@]}"; do
    if [[ -z $name ]]; then
      name=$each
    elif [[ -n $pending ]]; then
      pending=''
    else
      case $each in
        (-*=*) used+="\${each%%=*} " ;;
        (-*)
          used+="$each "
          valued=(\${(f)"$(__docc_known "$name valued")"})
          (( $valued[(Ie)$each] )) && pending=$each
          ;;
        (*=*) used+="\${each%%=*}= " ;;
        (*) place+=1 ;;
      esac
    fi
  done

  if [[ -z $name ]]; then
    if [[ $typed == -* ]]; then __docc_values options; else __docc_values commands; fi
  elif [[ -n $pending ]]; then
    used=' '
    __docc_values "$name $pending"
  elif [[ $typed == *=* ]]; then
    each=\${typed%%=*}
    [[ $typed == -* ]] || each+==
    compset -P 1 '*='
    used=' '
    __docc_values "$name $each"
  elif [[ $typed == -* ]]; then
    __docc_values "$name options"
  else
    if [[ -n $(__docc_known "$name $((place + 1))") ]]; then
      __docc_values "$name $((place + 1))"
    else
      __docc_values "$name rest"
    fi
    __docc_values "$name keys" "$name "
  fi
}`;
