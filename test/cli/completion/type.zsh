# Types each line into an interactive zsh, presses Tab once, and prints what the line became.
zmodload zsh/zpty
typed=$(mktemp)
setup=$(mktemp)
cat > $setup <<END
PS1=
autoload -U compinit
compinit -u -D
source $1
unsetopt list_beep
bindkey '^I' complete-word
tell() { print -r -- "\$BUFFER" >> $typed; BUFFER= }
zle -N tell
bindkey '^G' tell
print rea""dy
END
shift
zpty desk "zsh -f -i"
zpty -w desk "source $setup"
while zpty -r desk said; do [[ $said == *ready* ]] && break; done
integer count=0
for line in "$@"; do
  count+=1
  zpty -w -n desk "$line"$'\t\a'
  while (( $(wc -l < $typed) < count )); do
    zpty -r -t desk said || sleep 0.02
  done
done
zpty -d desk
cat $typed
rm $typed $setup
