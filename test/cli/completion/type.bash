# Completes each line as bash does, with "=" among its word breaks, and prints the candidates of each on one line.
source "$1"
shift
for line in "$@"; do
  spaced=${line//=/ = }
  read -ra COMP_WORDS <<<"$spaced"
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _docc
  echo "${COMPREPLY[*]}"
done
