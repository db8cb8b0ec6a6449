# Prints the candidates of each line on one line, without their explanations.
source $argv[1]
for line in $argv[2..-1]
    set -l found (complete -C $line | string replace -r '\t.*' '')
    echo "$found"
end
