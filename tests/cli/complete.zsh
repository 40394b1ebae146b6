# zsh -f complete.zsh FOLDER WORDS...: what zsh offers after `loadscope WORDS`, a line each, sorted.
#
# FOLDER holds _loadscope. An interactive zsh in a pseudo-terminal is asked as a key press would ask it, by
# its own completion system; nobody types, so nothing depends on time. What it offers is read where all
# completion ends, in compadd.
zmodload zsh/zpty
export ZDOTDIR=$1 ASK_FOLDER=$1 ASK_COUNT=$(($# - 1)) TERM=dumb
for ((i = 2; i <= $#; i++)); do export ASK_$((i - 1))=${argv[i]}; done

cat >$1/.zshrc <<'END'
fpath=($ASK_FOLDER $fpath)
autoload -Uz compinit
compinit -u -D
setopt no_beep

compadd()
{
    local -a found
    # helpers that only ask what would match are no offer
    if [[ " ${argv[1,(i)(-|--)]} " == *' -'[OAD]' '* ]]; then
        builtin compadd "$@"
        return
    fi
    builtin compadd -O found "$@"
    offers+=($found)
    builtin compadd "$@"
}

leave_line() { compstate[insert]= compstate[list]= }

zle-line-init()
{
    local -a offers
    local i name
    for ((i = 1; i <= ASK_COUNT; i++)); do
        name=ASK_$i
        offers=()
        comppostfuncs=(leave_line)
        BUFFER="loadscope ${(P)name}"
        CURSOR=$#BUFFER
        zle complete-word
        print -r -- ${(ou)offers}
    done >$ASK_FOLDER/offers
    exit
}
zle -N zle-line-init
END

zpty asked zsh -d -i
while zpty -r asked said; do heard+=$said; done
cat $1/offers || print -r -- $heard
