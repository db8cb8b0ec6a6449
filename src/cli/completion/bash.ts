import type { Facts } from "./facts.ts";
import { knownFunction } from "./shared.ts";

/** The completion of bash, 3.2 or newer; it needs nothing else, not even bash-completion. Pure. */
export function bashScript(facts: Facts): string {
  return `# Completion of docc for bash, made from docc's own declarations by: docc completion bash
# In ~/.bashrc: eval "$(docc completion bash)"

${knownFunction(facts)}

${machine}
complete -F _docc docc
`;
}

const machine = `# Adds those of its words that begin with what is typed. They come from a cluster as well: nothing is expanded.
__docc_offer() {
  local each
  while IFS= read -r each; do
    [[ -n $each && $each == "$typed"* && $used != *" $each "* ]] && COMPREPLY+=("$each")
  done
}

# What may stand for the question $1.
__docc_values() {
  local each
  while IFS= read -r each; do
    case $each in
      @files)
        compopt -o filenames 2>/dev/null
        while IFS= read -r each; do COMPREPLY+=("$each"); done < <(compgen -f -- "$typed")
        ;;
      @*) __docc_offer < <(command docc __complete "$each" "\${line[@]}" 2>/dev/null) ;;
      *) __docc_offer <<<"$each" ;;
    esac
  done < <(__docc_known "$1")
}

_docc() {
  local -a line=()
  local at each joins='' typed='' name='' pending='' place=0 used=' ' known
  COMPREPLY=()
  # Bash takes words apart at "=": what belongs together is put together again.
  for ((at = 1; at <= COMP_CWORD; at++)); do
    each=\${COMP_WORDS[at]}
    if [[ \${#line[@]} -gt 0 && ($each == = || -n $joins) ]]; then
      line[\${#line[@]} - 1]+=$each
      if [[ $each == = ]]; then joins=1; else joins=''; fi
    else
      line+=("$each")
      joins=''
    fi
  done
  at=$((\${#line[@]} - 1))
  typed=\${line[at]}
  unset "line[at]"

  for each in "\${line[@]}"; do
    if [[ -z $name ]]; then
      name=$each
    elif [[ -n $pending ]]; then
      pending=''
    else
      case $each in
        -*=*) used+="\${each%%=*} " ;;
        -*)
          used+="$each "
          known=" $(__docc_known "$name valued" | tr '\\n' ' ')"
          [[ $known == *" $each "* ]] && pending=$each
          ;;
        *=*) used+="\${each%%=*}= " ;;
        *) place=$((place + 1)) ;;
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
    typed=\${typed#*=}
    used=' '
    __docc_values "$name $each"
    # Without "=" among the word breaks, a completion replaces the whole word.
    if [[ $COMP_WORDBREAKS != *=* ]]; then
      COMPREPLY=("\${COMPREPLY[@]/#/\${each%=}=}")
    fi
  elif [[ $typed == -* ]]; then
    __docc_values "$name options"
  else
    known=$(__docc_known "$name $((place + 1))")
    if [[ -n $known ]]; then __docc_values "$name $((place + 1))"; else __docc_values "$name rest"; fi
    __docc_values "$name keys"
  fi
  # A key waits for its value.
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=.] ]]; then compopt -o nospace 2>/dev/null; fi
  return 0
}`;
